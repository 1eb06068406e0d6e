#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/evaluation_table.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/shown_text.h"
#include "pomona/train.h"

namespace pomona::cli {
namespace {

struct TrainArguments {
  TrainOptions options;
  StorageArguments storage;
  std::string method = "discriminant";
  std::string score;
  bool no_views = false;
  std::string report;
  bool quiet = false;
  bool json = false;
};

void PrintSummary(const TrainReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<12}{}\n", name, text);
  };
  const Classifier& classifier = *report.classifier;
  fmt::print(stderr, "{} {} labels from {} rows{} x {} features, in {}\n", Green("done", stderr),
             Thousands(classifier.classes()), Thousands(report.rows),
             report.views > 0 ? " and " + Thousands(report.views) + " views" : "", classifier.dim(),
             Duration(report.seconds));
  if (report.evaluation) {
    const Evaluation& folds = *report.evaluation;
    const auto told = [](const Estimate& estimate) {
      return fmt::format("{:.3f}", estimate.value) +
             (estimate.interval ? fmt::format(" ({:.3f} to {:.3f})", estimate.interval->low,
                                              estimate.interval->high)
                                : "");
    };
    line("right", fmt::format("{} of the rows of each of {} folds, by what the others taught{}",
                              told(folds.accuracy), report.folds,
                              report.honest_folds ? "; groups kept whole" : ""));
    line("sureness", "off by " + told(folds.calibration_error) + " on average (ECE)");
    if (folds.coverage) {
      line("sets", fmt::format("of {:.2f} labels hold the right one in {} of cases, {} promised",
                               folds.mean_set_size.value_or(0), told(*folds.coverage),
                               classifier.coverage()));
    }
  }
  if (report.features_used < classifier.dim()) {
    line("features",
         fmt::format("{} of {}: {}", report.features_used, classifier.dim(), report.slices));
  }
  const std::string by = fmt::format("score {}", ScoreKindName(classifier.score_kind()));
  const std::string discriminant =
      fmt::format("discriminant, shrinkage {:g}, {}", report.shrinkage, by);
  line("method", report.penalty ? fmt::format("logistic, penalty {:g}; unknown by {}",
                                              *report.penalty, discriminant)
                 : classifier.method() == LearnMethod::kCentroid ? "centroid, " + by
                                                                 : discriminant);
  if (report.logistic_accuracy) {
    line("tried", fmt::format("discriminant {:.3f} right, logistic {:.3f}",
                              report.discriminant_accuracy.value_or(0), *report.logistic_accuracy));
  }
  line("unknown", fmt::format("above {:.3f}: {:g} % of known rows", classifier.unknown_threshold(),
                              classifier.false_alarms() * 100));
  if (report.left_out > 0) line("left out", Thousands(report.left_out) + " rows");
  for (const auto& remark : report.remarks) line("note", remark);
  line("classifier", ShownUri(report.output));
  if (report.evaluation) fmt::print(stderr, "{}", ConfusionMatrix(*report.evaluation));
}

arrow::Status RunTrain(TrainArguments& arguments) {
  TrainOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  ARROW_ASSIGN_OR_RAISE(options.method, ParseTrainMethod(arguments.method));
  if (!arguments.score.empty()) {
    ARROW_ASSIGN_OR_RAISE(options.score, ParseScoreKind(arguments.score));
  }
  options.views = !arguments.no_views;
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  ARROW_ASSIGN_OR_RAISE(options.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const TrainReport report, Train(options));
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, report.ToJson()));
  if (arguments.json) fmt::print("{}", report.ToJson());
  if (!arguments.quiet) PrintSummary(report);
  return arrow::Status::OK();
}

}  // namespace

void AddTrainCommand(Command all) {
  Command command = all.AddCommand("train", "Learn to name labels from a table's features");
  auto arguments = std::make_shared<TrainArguments>();
  TrainOptions& options = arguments->options;
  command.Add("FEATURES", options.features, "Folder or URI of a feature table, or one Parquet file")
      .Required();
  command.Add("CLASSIFIER", options.output, "The file to write").Required();

  const char* learning = "Learning";
  command
      .Add("--method", arguments->method,
           "discriminant; logistic; auto: whichever of the two names more rows rightly that were "
           "not learned from; or centroid, the nearest mean of a label, for photos of another kind "
           "than those that are learned from (--like)")
      .ShowDefault()
      .Group(learning);
  command
      .Add("--penalty", options.penalty,
           "logistic: of the squared weights, in units of the features' mean variance (default: "
           "what names most rows rightly that were not learned from)")
      .Group(learning);
  command
      .AddFlag("--balanced", options.balanced,
               "logistic: all labels count the same, however many rows they have")
      .Group(learning);
  command
      .Add("--score", arguments->score,
           "What is near: cosine, the angle alone, or distance (default: what makes the labels of "
           "rows "
           "likelier that were not learned from)")
      .Group(learning);
  command
      .Add("--shrinkage", options.shrinkage,
           "How far the covariance is drawn towards a ball, above 0 to 1 (default: what names most "
           "rows rightly that were not learned from)")
      .Group(learning);
  command
      .Add("--split", options.split,
           "A file of pomona split: which rows are learned from, in which folds, and which "
           "calibrate "
           "(default: all rows are learned from)")
      .Group(learning);
  command
      .Add(
          "--labels", options.labels,
          "A label map, CSV: what each label or path is to be called instead, and what is left out")
      .Group(learning);
  command.Add("--target", options.target, "The target of that map (default: its first)")
      .Group(learning);
  command
      .Add("--like", options.like,
           "A feature table of photos like those that will be asked about, without labels (twenty "
           "will do): rows are seen from their mean. It may be of another input size")
      .Group(learning);
  command.AddFlag("--no-views", arguments->no_views, "Do not learn from the column of views")
      .Group(learning);

  const char* sureness = "How sure it is";
  command
      .Add("--coverage", options.coverage,
           "Sets of labels shall hold the right one in this share of cases")
      .ShowDefault()
      .Group(sureness);
  command
      .Add("--false-alarms", options.false_alarms,
           "This share of the rows of known labels may be called unknown")
      .ShowDefault()
      .Group(sureness);

  command.Add("--column", options.column, "The column that holds the features").ShowDefault();
  command.AddFlag("--overwrite", options.overwrite, "Replace a file that is there");
  command.Add("--threads", options.threads, "Cores to use (default: all)");
  command.Add("--report", arguments->report, "Also write the report to FILE");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the report to stdout");
  arguments->storage.AddTo(command);
  command.Does([arguments] { return ReportWhole(RunTrain(*arguments)); });
}

}  // namespace pomona::cli
