#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/commands.h"
#include "cli/evaluation_table.h"
#include "cli/progress_display.h"
#include "cli/run_showing.h"
#include "pomona/demo.h"
#include "pomona/evaluate.h"
#include "pomona/report.h"
#include "pomona/shown_text.h"
#include "pomona/split.h"
#include "pomona/train.h"

namespace pomona::cli {
namespace {

struct DemoArguments {
  std::string folder;
  bool draw_only = false;
};

/// Fruits that the demo's classifier never sees.
const std::vector<std::string> kHeldOut = {"Orange", "Plum"};
constexpr char kSplit[] = "split.parquet";
constexpr char kClassifier[] = "fruits.classifier";
constexpr char kReport[] = "report.html";

/// Learns from the table, but for two fruits, and shows what becomes of those.
arrow::Status Learn(const std::string& features, const std::string& folder) {
  SplitOptions split;
  split.features = features;
  split.split = folder + "/" + kSplit;
  split.by = "official";
  split.hold_out = kHeldOut;
  split.overwrite = true;
  fmt::print(stderr, "\npomona split {} {} --by official --hold-out \"{},{}\"\n",
             ShownText(features), ShownText(split.split), kHeldOut[0], kHeldOut[1]);
  ARROW_RETURN_NOT_OK(MakeSplit(split).status());

  TrainOptions train;
  train.features = features;
  train.output = folder + "/" + kClassifier;
  train.split = split.split;
  train.overwrite = true;
  fmt::print(stderr, "pomona train {} {} --split {}\n", ShownText(features),
             ShownText(train.output), ShownText(split.split));
  ARROW_RETURN_NOT_OK(Train(train).status());

  EvaluateOptions evaluate;
  evaluate.features = features;
  evaluate.classifier = train.output;
  evaluate.split = split.split;
  fmt::print(stderr, "pomona evaluate {} {} --split {}\n\n", ShownText(features),
             ShownText(train.output), ShownText(split.split));
  ARROW_ASSIGN_OR_RAISE(const EvaluateReport report, Evaluate(evaluate));
  fmt::print("{}", EvaluationTable(report.evaluations));
  return arrow::Status::OK();
}

/// "file:///home/me/demo/report.html": terminals make it a link.
std::string BrowserAddress(const std::string& file) {
  std::error_code error;
  const auto whole = std::filesystem::absolute(file, error).lexically_normal();
  return error ? file : "file://" + whole.string();
}

/// Shows the table and what was learned as a page.
arrow::Status Show(const std::string& features, const std::string& folder) {
  ReportOptions report;
  report.features = features;
  report.output = folder + "/" + kReport;
  report.title = "Drawn fruits";
  report.classifier = folder + "/" + kClassifier;
  report.split = folder + "/" + kSplit;
  report.overwrite = true;
  fmt::print(stderr, "\npomona report {} {} --classifier {} --split {}\n", ShownText(features),
             ShownText(report.output), ShownText(report.classifier), ShownText(report.split));
  return MakeReport(report).status();
}

/// What is not of a demo stays as it is. Only what an earlier one finished is made again.
arrow::Status CheckFolder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::exists(folder, error)) return arrow::Status::OK();
  const bool learned = fs::exists(folder + "/features/_SUCCESS", error);
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const bool made = name == "images" || name == "features" || name == "answers" ||
                      (learned && (name == kSplit || name == kClassifier || name == kReport ||
                                   name == "report" || name == "app"));
    if (made) continue;
    return arrow::Status::Invalid(ShownText(folder), " holds ", ShownText(name),
                                  ", which is not of a demo\nhint: name a new folder");
  }
  return arrow::Status::OK();
}

arrow::Status Demo(const DemoArguments& arguments) {
  if (!arguments.draw_only) ARROW_RETURN_NOT_OK(CheckFolder(arguments.folder));
  const std::string images = arguments.draw_only ? arguments.folder : arguments.folder + "/images";
  fmt::print(stderr, "drawing 1,200 images of 12 fruits in {}\n", ShownText(images));
  ARROW_RETURN_NOT_OK(DrawDemo(images));
  if (arguments.draw_only) return arrow::Status::OK();

  RunOptions options;
  options.list.source = images;
  options.output = arguments.folder + "/features";
  fmt::print(stderr, "pomona extract {} {}\n", ShownText(images), ShownText(options.output));
  ARROW_ASSIGN_OR_RAISE(const RunReport report, RunShowing(options, /*quiet=*/false));
  PrintSummary(report);
  ARROW_RETURN_NOT_OK(Learn(options.output, arguments.folder));
  ARROW_RETURN_NOT_OK(Show(options.output, arguments.folder));
  fmt::print(
      "\nDrawn fruits are easy to tell apart, and two that were never learned are found to be\n"
      "unknown; real ones are harder: docs/guides/learn.md. All of it as a page, which a browser\n"
      "opens from disk:\n"
      "  {3}\n"
      "Ask it for photos, on this machine or as an app that a phone installs:\n"
      "  pomona serve {2}/fruits.classifier\n"
      "  pomona app {2}/fruits.classifier {2}/app\n"
      "Look at it next:\n"
      "  pomona verify {1}\n"
      "  pomona list {0} --summary\n"
      "  pomona predict {1} {2}/answers --classifier {2}/fruits.classifier\n"
      "  python -c \"import pandas; print(pandas.read_parquet('{1}'))\"\n"
      "  duckdb -c \"select label, count(*) from '{1}/*.parquet' group by label\"\n"
      "  pomona extract your/photos your/features\n",
      ShownText(images), ShownText(options.output), ShownText(arguments.folder),
      ShownText(BrowserAddress(arguments.folder + "/" + kReport)));
  return arrow::Status::OK();
}

}  // namespace

void AddDemoCommand(Command all) {
  Command command =
      all.AddCommand("demo", "Draw a small fruit data set, extract it, learn from it, show it");
  auto arguments = std::make_shared<DemoArguments>();
  command
      .Add("DIR", arguments->folder,
           "Folder to make: DIR/images, DIR/features, DIR/split.parquet, DIR/fruits.classifier and "
           "DIR/report.html")
      .Required();
  command.AddFlag("--draw-only", arguments->draw_only, "Draw into DIR itself, extract nothing");
  command.Does([arguments] { return Report(Demo(*arguments)); });
}

}  // namespace pomona::cli
