#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/run_arguments.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/app.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct AppArguments {
  AppOptions options;
  StorageArguments storage;
  std::string precision;
  bool quiet = false;
  bool json = false;
};

void PrintApp(const AppReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<10}{}\n", name, text);
  };
  fmt::print(stderr, "{} an app of {} labels, in {}\n", Green("done", stderr),
             Thousands(report.labels), Duration(report.seconds));
  line("app", fmt::format("{} ({} files, {})", ShownUri(report.output), report.files,
                          Bytes(report.bytes)));
  line("network", std::string(PrecisionName(report.precision)) +
                      (report.same_arithmetic ? ""
                                              : ", while the classifier learned from another "
                                                "precision: pomona export --check compares"));
  line("cards", fmt::format("{}; {} labels have none", Thousands(report.cards),
                            Thousands(report.labels_without_card)));
  line("pictures", fmt::format("{} of training; {} could not be read, their names are shown",
                               Thousands(report.pictures), Thousands(report.missing)));
  for (const std::string& remark : report.remarks) line("note", remark);
  line("try it", fmt::format("python3 -m http.server --directory {}, then open "
                             "http://localhost:8000",
                             ShownText(report.output)));
}

arrow::Status MakeApp(AppArguments& arguments) {
  AppOptions& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.storage, arguments.storage.Resolve());
  if (!arguments.precision.empty()) {
    ARROW_ASSIGN_OR_RAISE(options.precision, ParsePrecision(arguments.precision));
  }
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_ASSIGN_OR_RAISE(options.stop, StopOnSignals());
  ARROW_ASSIGN_OR_RAISE(const AppReport report, WriteApp(options));
  if (arguments.json) fmt::print("{}", report.ToJson());
  if (!arguments.quiet) PrintApp(report);
  return arrow::Status::OK();
}

}  // namespace

void AddAppCommand(Command all) {
  Command command =
      all.AddCommand("app", "Write a web app that names fruits in the phone, without a server");
  auto arguments = std::make_shared<AppArguments>();
  AppOptions& options = arguments->options;
  command.Add("CLASSIFIER", options.classifier, "The file that pomona train wrote").Required();
  command.Add("DIR", options.output, "Folder to make: all that a host of static files needs")
      .Required();
  command.Add("--title", options.title, "What the app is called").ShowDefault();
  command.Add(
      "--cards", options.cards,
      "What is worth knowing of each fruit, CSV (default: the cards that came with Pomona)");
  command.Add("--target", options.target,
              "Of a file of several targets the one that is meant (default: there is one)");
  command.Add("--precision", arguments->precision,
              "Of the network, f32 or int8 (default: int8 where the network has an int8 file)");
  command.Add("--model", options.model,
              "The network that the classifier's features are of (default: by its name in the "
              "catalogue)");
  command.AddFlag("--overwrite", options.overwrite, "Replace an app that is there");
  command.Add("--threads", options.threads, "Cores to make pictures with (default: all)");
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  command.AddFlag("--json", arguments->json, "Print what was made to stdout");
  arguments->storage.AddTo(command);
  command.Footer(
      "Any host of static files will do; a phone's camera wants HTTPS, or localhost. No photo\n"
      "leaves the phone: docs/guides/app.md.");
  command.Does([arguments] { return Report(MakeApp(*arguments)); });
}

}  // namespace pomona::cli
