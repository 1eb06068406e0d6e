#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/issues.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct IssuesArguments {
  IssuesOptions options;
  StorageArguments storage;
  std::string report;
  bool quiet = false;
  bool json = false;
};

/// Data: the rows that are worst.
void PrintWorst(const IssuesReport& report) {
  for (const ShownIssue& one : report.shown) {
    fmt::print("{}: {}", IssueKindName(one.kind), ShownUri(one.path));
    if (!one.given_label.empty()) fmt::print("\n  given {}", ShownText(one.given_label));
    if (!one.predicted_label.empty()) fmt::print(", predicted {}", ShownText(one.predicted_label));
    fmt::print("{}score {:.4f}\n", one.given_label.empty() ? "\n  " : ", ", one.score);
  }
}

void PrintSummary(const IssuesReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<12}{}\n", name, text);
  };
  fmt::print(stderr, "{} {} rows of {} labels looked at, in {}\n", Green("done", stderr),
             Thousands(report.rows), Thousands(report.classes), Duration(report.seconds));
  line("labels", fmt::format("{} of {} are likely to be wrong", Thousands(report.label_issues),
                             Thousands(report.judged)));
  if (report.accuracy) {
    const Estimate& right = *report.accuracy;
    line("judge",
         fmt::format("agrees with {:.3f}{} of the labels of each of {} folds{}", right.value,
                     right.interval ? fmt::format(" ({:.3f} to {:.3f})", right.interval->low,
                                                  right.interval->high)
                                    : "",
                     report.folds, report.honest_folds ? "; groups kept whole" : ""));
  }
  line("outliers",
       fmt::format("{} rows: farther than {:.4f} from their {} nearest, on average",
                   Thousands(report.outlier_issues), report.outlier_threshold, report.neighbors));
  line("duplicates",
       fmt::format("{} rows in {} sets within {:.2g}; {} rows in {} sets of several labels",
                   Thousands(report.near_duplicate_issues), Thousands(report.near_duplicate_sets),
                   report.threshold, Thousands(report.rows_across_labels),
                   Thousands(report.sets_across_labels)));
  std::string small;
  for (size_t i = 0; i < report.small_classes.size() && i < 3; ++i) {
    const auto& one = report.small_classes[i];
    small += fmt::format("{}{} ({})", i == 0 ? ": " : ", ", ShownText(one.label), one.rows);
  }
  if (report.small_classes.size() > 3) small += ", ...";
  line("classes", fmt::format("{} labels have less than a tenth of the mean{}",
                              Thousands(static_cast<int64_t>(report.small_classes.size())), small));
  for (const auto& remark : report.remarks) line("note", remark);
  line("table", ShownUri(report.output));
}

arrow::Status RunIssues(IssuesArguments& arguments) {
  IssuesOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  ARROW_ASSIGN_OR_RAISE(options.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const IssuesReport report, FindIssues(options));
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, report.ToJson()));
  if (arguments.json) {
    fmt::print("{}", report.ToJson());
  } else {
    PrintWorst(report);
  }
  if (!arguments.quiet) PrintSummary(report);
  return arrow::Status::OK();
}

}  // namespace

void AddIssuesCommand(Command all) {
  Command command = all.AddCommand("issues", "Find wrong labels, outliers and near duplicates");
  auto arguments = std::make_shared<IssuesArguments>();
  IssuesOptions& options = arguments->options;
  command.Add("FEATURES", options.features, "Folder or URI of a feature table, or one Parquet file")
      .Required();
  command.Add("OUTPUT", options.output, "The Parquet file to write").Required();
  command.Add("--split", options.split,
              "A file of pomona split: labels are judged by the other folds of its train (default: "
              "five folds that cut through groups)");
  command.Add("--labels", options.labels,
              "A label map, CSV: what each label or path is to be called instead, and what is left "
              "out");
  command.Add("--target", options.target, "The target of that map (default: its first)");
  command.Add(
      "--threshold", options.threshold,
      "Greatest cosine distance of any two near duplicates of a set (default: 0.13 of the median "
      "distance to the nearest row)");
  command.AddFlag("--probabilities", options.probabilities,
                  "Also write a column of out-of-fold probabilities, one a label");
  command.Add("--column", options.column, "The column that holds the features").ShowDefault();
  command.AddFlag("--overwrite", options.overwrite, "Replace a file that is there");
  command.Add("--threads", options.threads, "Cores to use (default: all)");
  command.Add("--report", arguments->report, "Also write the report to FILE");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the report to stdout");
  arguments->storage.AddTo(command);
  command.Footer(
      "Each row is judged by what rows of other folds teach. The ten worst rows go to stdout, all\n"
      "to OUTPUT, the worst first, with columns as cleanlab's Datalab has them. A suspicion is no\n"
      "proof: look at the pictures before you change a label.");
  command.Does([arguments] { return ReportWhole(RunIssues(*arguments)); });
}

}  // namespace pomona::cli
