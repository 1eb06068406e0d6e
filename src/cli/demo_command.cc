#include <cstdio>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/progress_display.h"
#include "cli/run_showing.h"
#include "pomona/demo.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct DemoArguments {
  std::string folder;
  bool draw_only = false;
};

arrow::Status Demo(const DemoArguments& arguments) {
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
  fmt::print(
      "\nLook at it next:\n"
      "  pomona verify {1}\n"
      "  pomona list {0} --summary\n"
      "  python -c \"import pandas; print(pandas.read_parquet('{1}'))\"\n"
      "  duckdb -c \"select label, count(*) from '{1}/*.parquet' group by label\"\n"
      "  pomona extract your/photos your/features\n",
      ShownText(images), ShownText(options.output));
  return arrow::Status::OK();
}

}  // namespace

void AddDemoCommand(Command all) {
  Command command = all.AddCommand("demo", "Draw a small fruit data set and extract it");
  auto arguments = std::make_shared<DemoArguments>();
  command.Add("DIR", arguments->folder, "Folder to make: DIR/images and DIR/features").Required();
  command.AddFlag("--draw-only", arguments->draw_only, "Draw into DIR itself, extract nothing");
  command.Does([arguments] { return Report(Demo(*arguments)); });
}

}  // namespace pomona::cli
