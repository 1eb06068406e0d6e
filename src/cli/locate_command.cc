#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/locate.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct LocateArguments {
  LocateOptions options;
  StorageArguments storage;
  std::string report;
  bool quiet = false;
  bool json = false;
};

void PrintReport(const LocateReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<11}{}\n", name, text);
  };
  fmt::print(stderr, "{} {} images, {} boxes, in {}: {}\n", Green("done", stderr),
             Thousands(report.images), Thousands(report.boxes), Duration(report.seconds),
             ShownUri(report.output));
  line("looked at", fmt::format("{} x {} cells of each", report.map_width, report.map_height));
  if (report.empty > 0) line("empty", Thousands(report.empty) + " images without a box");
  if (report.rejects > 0) {
    line("rejects", Thousands(report.rejects) + " images, with their reasons in the file");
  }
}

arrow::Status RunLocate(LocateArguments& arguments) {
  LocateOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.images.storage, arguments.storage.Resolve());
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  ARROW_ASSIGN_OR_RAISE(options.images.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const LocateReport report, Locate(options));
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, report.ToJson()));
  if (arguments.json) fmt::print("{}", report.ToJson());
  if (!arguments.quiet) PrintReport(report);
  return arrow::Status::OK();
}

ExitCode ReportLocate(const arrow::Status& status) {
  if (!status.IsCancelled()) return Report(status);
  fmt::print(stderr, "interrupted: no boxes were written\n");
  return kInterrupted;
}

}  // namespace

void AddLocateCommand(Command all) {
  Command command = all.AddCommand("locate", "Find where in pictures the labels are seen");
  auto arguments = std::make_shared<LocateArguments>();
  LocateOptions& options = arguments->options;
  command.Add("SOURCE", options.images.source, "Folder, file or URI of images").Required();
  command.Add("OUTPUT", options.output, "The Parquet file to write, a row a box").Required();
  command
      .Add("--classifier", options.classifier,
           "The file that pomona train wrote, over the last layer, with scores by cosine")
      .Required();
  command.Add("--target", options.target,
              "Of a file of several targets the one that is meant (default: there is one)");
  command.Add("--model", options.model,
              "The network that the classifier's features are of (default: by its name in the "
              "catalogue)");
  command.Add("--glob", options.images.globs, "Names of images, as for extract").Repeatable();
  command.Add("--input-size", options.input_size,
              "Side in pixels of the square that a picture is resized to: larger finds what is "
              "smaller (default: that of the images that the classifier learned from, or is like)");
  command
      .Add("--cells", options.cells,
           "Side of the windows that are looked at, in cells of the network's map, of 32 pixels "
           "mostly")
      .ShowDefault();
  command
      .Add("--least-score", options.least_score,
           "Of a box, -1 to 1: the cosine of the window and the mean of its label")
      .ShowDefault();
  command.Add("--draw", options.draw, "A folder for a picture of each image with its boxes, SVG");
  command.Add("--threads", options.threads, "Cores to use (default: all)");
  command.AddFlag("--overwrite", options.overwrite, "Replace a file that is there");
  command.Add("--report", arguments->report, "Also write the report to FILE");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the report to stdout");
  arguments->storage.AddTo(command);
  command.Footer(
      "Columns: path, label, score, x, y, width, height (pixels of the picture), reject. An image\n"
      "without a box has a row of its path alone. What works best for photos of several things:\n"
      "docs/guides/locate.md.");
  command.Does([arguments] { return ReportLocate(RunLocate(*arguments)); });
}

}  // namespace pomona::cli
