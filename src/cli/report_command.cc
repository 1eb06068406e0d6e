#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/run_arguments.h"
#include "cli/spelling.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/report.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct ReportArguments {
  ReportOptions options;
  StorageArguments storage;
  bool quiet = false;
  bool json = false;
};

void PrintSummary(const PageReport& report) {
  const auto line = [](const std::string& name, const std::string& text) {
    fmt::print(stderr, "  {:<12}{}\n", name, text);
  };
  fmt::print(stderr, "{} a page of {} rows of {} labels, in {}\n", Green("done", stderr),
             Thousands(report.rows), Thousands(report.classes), Duration(report.seconds));
  line("pictures",
       fmt::format("{} of {} rows", Thousands(report.thumbnails), Thousands(report.rows)));
  line("duplicates", fmt::format("{} sets", Thousands(report.duplicate_sets)));
  line("labels", fmt::format("{} are likely to be wrong", Thousands(report.label_issues)));
  line("rejects", Thousands(report.rejects));
  for (const auto& remark : report.remarks) line(remark.section, ShownText(Spelt(remark.text)));
  line("page", fmt::format("{} ({})", ShownUri(report.output), Bytes(report.page_bytes)));
  line("data", ShownUri(report.data));
}

arrow::Status MakePage(ReportArguments& arguments) {
  ReportOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_ASSIGN_OR_RAISE(options.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const PageReport report, MakeReport(options));
  if (arguments.json) fmt::print("{}", report.ToJson());
  if (!arguments.quiet) PrintSummary(report);
  return arrow::Status::OK();
}

}  // namespace

void AddReportCommand(Command all) {
  Command command = all.AddCommand("report", "Show a feature table as one page, an HTML file");
  auto arguments = std::make_shared<ReportArguments>();
  ReportOptions& options = arguments->options;
  command.Add("FEATURES", options.features, "Folder or URI of a feature table, or one Parquet file")
      .Required();
  command.Add("REPORT", options.output, "The page to write: a name that ends in .html").Required();
  command.Add("--title", options.title, "What the page is called (default: the table's name)");
  command
      .Add("--max-size", options.max_size,
           "The page has so many bytes at most: as many pictures are shown as fit")
      .Bytes()
      .ShowDefault("20MB");
  command.Add(
      "--classifier", options.classifier,
      "Show what this file of pomona train answers (default: what other rows teach of each)");
  command.Add("--split", options.split,
              "A file of pomona split (default: the folders called Training, Validation, Test)");
  command.Add("--labels", options.labels,
              "A label map, CSV: what each label or path is to be called instead, and what is left "
              "out");
  command.Add("--target", options.target, "The target of that map (default: its first)");
  command.Add("--compare", options.compare,
              "Another feature table: what is new, what is gone, what drifted");
  command.Add("--data", options.data,
              "Folder of the page's data, Parquet files (default: REPORT without .html)");
  command.Add("--column", options.column, "The column that holds the features").ShowDefault();
  command.AddFlag("--overwrite", options.overwrite, "Replace a page and data that are there");
  command.Add("--threads", options.threads, "Cores to use (default: all)");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print what was made to stdout");
  arguments->storage.AddTo(command);
  command.Footer(
      "The page needs no network and no server: a browser opens it from disk. Pictures are read\n"
      "from where the table's paths say; what is missing is counted. SOURCE_DATE_EPOCH sets the\n"
      "time that the page tells, so that the same input makes the same bytes.");
  command.Does([arguments] { return ReportWhole(MakePage(*arguments)); });
}

}  // namespace pomona::cli
