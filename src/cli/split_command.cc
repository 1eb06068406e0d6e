#include <fmt/format.h>

#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/spelling.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/shown_text.h"
#include "pomona/split.h"

namespace pomona::cli {
namespace {

struct SplitArguments {
  SplitOptions options;
  StorageArguments storage;
  std::string report;
  bool quiet = false;
  bool json = false;
};

void PrintSplit(const SplitReport& report) {
  fmt::print(stderr, "{} {} rows, {} groups, {} labels: {}\n", Green("done", stderr),
             Thousands(report.rows), Thousands(report.groups), Thousands(report.labels),
             ShownUri(report.split));
  const auto line = [](std::string_view name, const auto& counts) {
    fmt::print(stderr, "  {:<12}{:>12} rows {:>10} groups {:>8} labels\n", name,
               Thousands(counts.rows), Thousands(counts.groups), Thousands(counts.labels));
  };
  for (const SplitPart part : kSplitParts) {
    if (report.part(part).rows > 0) line(SplitPartName(part), report.part(part));
  }
  for (size_t fold = 0; fold < report.folds.size(); ++fold) {
    line(fmt::format("fold {}", fold), report.folds[fold]);
  }
  for (const std::string& remark : report.remarks) {
    fmt::print(stderr, "{} {}\n", Bold("note:", stderr), Spelt(remark));
  }
}

arrow::Status Split(SplitArguments& arguments) {
  SplitOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  ARROW_ASSIGN_OR_RAISE(options.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const SplitReport report, MakeSplit(options));
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, report.ToJson()));
  if (arguments.json) fmt::print("{}", report.ToJson());
  if (!arguments.quiet) PrintSplit(report);
  return arrow::Status::OK();
}

}  // namespace

void AddSplitCommand(Command all) {
  Command command = all.AddCommand(
      "split", "Tell rows to learn from and rows to judge by apart, by whole groups");
  auto arguments = std::make_shared<SplitArguments>();
  SplitOptions& options = arguments->options;
  command.Add("FEATURES", options.features, "Folder or URI of a feature table, or one Parquet file")
      .Required();
  command.Add("SPLIT", options.split, "File or URI to write (Parquet)").Required();

  const char* groups = "Groups: rows that look alike, and stay together";
  command
      .Add("--group", options.group,
           "Regular expression on the path: what its groups capture names the group; or fruits-360 "
           "(class and movie); or duplicates (rows that are near each other)")
      .Group(groups);
  command.Add("--group-column", options.group_column, "The column that holds the group")
      .Group(groups);

  command
      .Add("--within", options.within,
           "Greatest cosine distance of near rows, for --group duplicates and for twins")
      .ShowDefault()
      .Group(groups);
  command
      .AddFlag(
          "--twins", options.twins,
          fmt::format("Count the rows that are judged and have a near twin in training; without "
                      "this up to {} rows",
                      Thousands(SplitOptions::kTwinRows)))
      .Group(groups);

  const char* parts = "Parts";
  command
      .Add("--by", options.by,
           "official: the last folder Training, Test or Validation of the path says it")
      .Group(parts);
  command
      .Add("--train", options.train,
           "Regular expression: groups (without --group, paths) in which it is found are for "
           "training, the others for the test")
      .Group(parts);
  command
      .Add("--test-share", options.test_share,
           "Share of the rows for the test, of each label alike, such as 0.25")
      .Group(parts);
  command
      .Add("--calibration-share", options.calibration_share,
           "Share of the rows for training that is for calibration instead")
      .Group(parts);
  command
      .Add("--hold-out", options.hold_out,
           "Labels that are never learned, to judge `unknown` by; separated by commas. Repeatable.")
      .Repeatable()
      .SeparatedBy(',')
      .Group(parts);
  command
      .Add("--folds", options.folds,
           "Folds of the rows for training, for cross-validation: 2 to 100")
      .Group(parts);
  command.Add("--seed", options.seed, "Of the order in which groups are dealt")
      .ShowDefault()
      .Group(parts);

  command.Add("--column", options.column, "The column that holds the features").ShowDefault();
  command.AddFlag("--overwrite", options.overwrite, "Replace an earlier SPLIT");
  command.Add("--threads", options.threads, "Cores to use (default: all)");
  command.Add("--report", arguments->report, "Also write the report to FILE");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the report to stdout");
  arguments->storage.AddTo(command);
  command.Footer(
      "A group is never dealt to two parts or two folds. Where the folders of --by official do\n"
      "that, the rows are counted: what is measured on them is too kind. fruits-360, honestly:\n"
      "  pomona split features/ honest.parquet --group fruits-360 --train '/plain$'\n"
      "Where no name tells what is the same fruit, the features may:\n"
      "  pomona split features/ split.parquet --group duplicates --folds 5");
  command.Does([arguments] { return ReportWhole(Split(*arguments)); });
}

}  // namespace pomona::cli
