#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "cli/commands.h"
#include "cli/option_arguments.h"
#include "cli/progress_display.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/run_showing.h"
#include "cli/terminal.h"
#include "pomona/predict.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

/// Those that make features are the classifier's.
bool IsTaken(const Option& option) {
  return !option.makes_features && option.name != "rows_per_file";
}

struct PredictArguments {
  PredictOptions options;
  std::string source, output;
  OptionArguments of_run = {{OptionGroup::kSource, OptionGroup::kStorage, OptionGroup::kImages,
                             OptionGroup::kOutput, OptionGroup::kResources},
                            IsTaken};
  MetricsArguments metrics;
  std::string report;
  bool quiet = false;
  bool json = false;

  arrow::Result<PredictOptions> Resolve() const {
    PredictOptions resolved = options;
    ARROW_ASSIGN_OR_RAISE(resolved.run, of_run.Resolve());
    resolved.run.list.source = source;
    resolved.run.output = output;
    ARROW_RETURN_NOT_OK(resolved.Validate());
    return resolved;
  }
};

void PrintAnswers(const PredictReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<10}{}\n", name, text);
  };
  if (report.run) {
    cli::PrintSummary(*report.run);
  } else {
    int64_t labels = 0;
    for (const TargetAnswers& one : report.targets) labels += one.classifier.classes();
    fmt::print(stderr, "{} {} rows, {} labels, in {}\n",
               Green(report.finished_before ? "done before" : "done", stderr),
               Thousands(report.rows), Thousands(labels), Duration(report.seconds));
    line("table", fmt::format("{}: {} part{}", ShownUri(report.output), report.parts,
                              report.parts == 1 ? "" : "s"));
  }
  if (report.finished_before) return;
  for (const TargetAnswers& one : report.targets) {
    if (report.targets.size() > 1) line("target", ShownText(one.classifier.target()));
    line("one label",
         fmt::format("{} rows have a set of one label; a set shall hold the right one in "
                     "{:g} % of cases",
                     Thousands(one.single), one.classifier.coverage() * 100));
    line("unknown", fmt::format("{} rows look like no label; {:g} % of known rows may",
                                Thousands(one.unknown), one.classifier.false_alarms() * 100));
  }
  if (report.skipped > 0 && !report.run) {
    line("skipped", Thousands(report.skipped) + " rows without features");
  }
}

arrow::Status RunPredict(const PredictArguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(PredictOptions options, arguments.Resolve());
  ARROW_ASSIGN_OR_RAISE(const MetricsOptions metrics, arguments.metrics.Resolve());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  std::optional<PredictReport> report;
  const auto predict = [&](const RunOptions& shown) -> arrow::Result<RunReport> {
    options.run = shown;
    ARROW_ASSIGN_OR_RAISE(report, Predict(options));
    return report->run.value_or(RunReport());
  };
  ARROW_RETURN_NOT_OK(RunShowing(options.run, arguments.quiet, metrics, predict).status());
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, report->ToJson()));
  if (arguments.json) fmt::print("{}", report->ToJson());
  if (!arguments.quiet) PrintAnswers(*report);
  return arrow::Status::OK();
}

ExitCode ReportPredict(const arrow::Status& status) {
  if (!status.IsCancelled()) return Report(status);
  fmt::print(stderr,
             "interrupted: the same command goes on with images, and starts anew with a "
             "table\n");
  return kInterrupted;
}

}  // namespace

void AddPredictCommand(Command all) {
  Command command = all.AddCommand(
      "predict", "Name the labels of images, or of a table's rows, and how sure that is");
  auto arguments = std::make_shared<PredictArguments>();
  PredictOptions& options = arguments->options;
  command
      .Add(
          "SOURCE", arguments->source,
          "Folder, file or URI of images, as extract takes it; or a feature table: a Parquet file, "
          "or a folder with _SUCCESS or _pomona in it, or with Parquet files and no image")
      .Required();
  command.Add("OUTPUT", arguments->output, "Folder or URI of the table").Required();
  command.Add("--classifier", options.classifier, "The file that pomona train wrote").Required();
  command.Add("--model", options.model,
              "The network that the classifier's features are of (default: by its name in the "
              "catalogue)");
  command.AddFlag("--keep-features", options.keep_features,
                  "Keep the features of images as well, in a column before the answers");
  command.Add("--column", options.column, "The column of a table that holds the features")
      .ShowDefault();
  command.Add("--rows-per-file", options.rows_per_file,
              "Images, or rows, of each file of the output (default: 8192 images, 65536 rows of a "
              "table)");
  arguments->of_run.AddTo(command);
  arguments->metrics.AddTo(command);
  command.Add("--report", arguments->report, "Also write the report to FILE");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the report to stdout");
  command.Footer(
      "Images get the features that the classifier learned from (network, precision, size: it "
      "says\n"
      "them itself) and become rows: path, label, predicted, probability, set (the labels that "
      "hold\n"
      "with the promised coverage), unknown, unknown_score, probabilities and nearest (photos of\n"
      "training). A classifier of several targets answers for each: predicted_TARGET, and so on.\n"
      "It is a run as extract does it: the same command continues it after anything, and bad images\n"
      "become rows of OUTPUT/_pomona/rejects.\n"
      "Rows of a table keep their other columns and get the same; options of images are refused.");
  command.Does([arguments] { return ReportPredict(RunPredict(*arguments)); });
}

}  // namespace pomona::cli
