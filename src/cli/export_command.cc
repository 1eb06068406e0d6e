#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/report_file.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/export.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct ExportArguments {
  ExportOptions options;
  StorageArguments storage;
  std::string format;
  std::string precision;
  std::string report;
  bool quiet = false;
  bool json = false;
};

void PrintReport(const ExportReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<10}{}\n", name, text);
  };
  fmt::print(stderr, "{} {} labels, {} features, in {}: {} ({})\n", Green("done", stderr),
             Thousands(report.classes), Thousands(report.dim), PrecisionName(report.precision),
             ShownUri(report.output), Bytes(report.bytes));
  line("input",
       fmt::format("image, uint8 [1, height, width, 3], RGB, of any size: resized to {}x{}",
                   report.width, report.height));
  line("outputs", "probabilities, unknown_score, features, position");
  if (!report.agreement) return;
  const ExportAgreement& found = *report.agreement;
  line("checked",
       fmt::format("{} images: {} have the same first label, {} another one although it was clear",
                   Thousands(found.images), Thousands(found.same), Thousands(found.contradicted)));
  line("", fmt::format("probabilities differ by {:.2g} at most, by {:.2g} on average; {} are "
                       "unknown in one alone",
                       found.largest_difference, found.mean_difference,
                       Thousands(found.images - found.same_unknown)));
  if (found.rejects > 0) line("left out", Thousands(found.rejects) + " images that are rejects");
  if (!found.resized_by_file) {
    line(
        "note",
        "the images were resized before: OpenVINO, which checks, does not antialias in ONNX files");
  }
  if (!report.same_arithmetic) {
    line("note", "the classifier learned from features of another precision: compare the answers");
  }
}

arrow::Status RunExport(ExportArguments& arguments) {
  ExportOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  ARROW_ASSIGN_OR_RAISE(options.format, ParseExportFormat(arguments.format));
  if (!arguments.precision.empty()) {
    ARROW_ASSIGN_OR_RAISE(options.precision, ParsePrecision(arguments.precision));
  }
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckReportFile(arguments.report));
  ARROW_ASSIGN_OR_RAISE(options.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const ExportReport report, Export(options));
  ARROW_RETURN_NOT_OK(WriteReportFile(arguments.report, report.ToJson()));
  if (arguments.json) fmt::print("{}", report.ToJson());
  if (!arguments.quiet) PrintReport(report);
  return arrow::Status::OK();
}

}  // namespace

void AddExportCommand(Command all) {
  Command command =
      all.AddCommand("export", "Write a classifier as one network, from pixels to probabilities");
  auto arguments = std::make_shared<ExportArguments>();
  ExportOptions& options = arguments->options;
  command.Add("CLASSIFIER", options.classifier, "The file that pomona train wrote").Required();
  command
      .Add("OUT", options.output,
           "The file to write; of openvino NAME.xml, with NAME.bin beside it; of bundle a new "
           "folder")
      .Required();
  command
      .Add(
          "--format", arguments->format,
          "onnx: a file for ONNX Runtime, opset 18; openvino: an IR; bundle: a folder from which a "
          "program is built that names frames, with OpenVINO in it")
      .Required();
  command.Add("--precision", arguments->precision,
              "Of the network in it, f32 or int8 (default: that of the features that the "
              "classifier learned from, f32 for bf16)");
  command.Add("--target", options.target,
              "Of a file of several targets the one that is meant (default: there is one)");
  command.Add("--model", options.model,
              "The network that the classifier's features are of (default: by its name in the "
              "catalogue)");
  command.Add("--check", options.check,
              "Folder, file or URI of images: compare the file's answers with those of predict "
              "before it is written");
  command.Add("--threads", options.threads, "Cores to check with (default: all)");
  command.AddFlag("--overwrite", options.overwrite, "Replace a file that is there");
  command.Add("--report", arguments->report, "Also write the report to FILE");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print the report to stdout");
  arguments->storage.AddTo(command);
  command.Footer(
      "The file takes an image as it is decoded, uint8 [1, height, width, 3] of any size, and "
      "gives\n"
      "probabilities, unknown_score, features and position; labels, thresholds and licence are\n"
      "its metadata: "
      "docs/format/export.md.");
  command.Does([arguments] { return ReportWhole(RunExport(*arguments)); });
}

}  // namespace pomona::cli
