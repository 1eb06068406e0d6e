#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/run_arguments.h"
#include "cli/terminal.h"
#include "pomona/shown_text.h"
#include "pomona/verify.h"

namespace pomona::cli {
namespace {

struct Arguments {
  std::string output;
  StorageArguments storage;
  bool json = false;
};

ExitCode ShowVerify(const Arguments& arguments) {
  const auto storage = arguments.storage.Resolve();
  if (!storage.ok()) return Report(storage.status());
  const auto report = Verify(arguments.output, *storage);
  if (!report.ok()) return Report(report.status());
  if (arguments.json) fmt::print("{}", report->ToJson());
  for (const auto& problem : report->problems) {
    fmt::print(stderr, "{} {}\n", Red("problem:", stderr), ShownMessage(problem));
  }
  if (!report->problems.empty()) return kProblems;
  if (!arguments.json) {
    fmt::print("verified: {} parts, {} rows + {} rejects = {} references, {} read\n",
               Thousands(report->parts), Thousands(report->rows), Thousands(report->rejects),
               Thousands(report->references), Bytes(report->bytes));
  }
  return kOk;
}

}  // namespace

void AddVerifyCommand(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("verify", "Prove a finished table by reading all of it");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("OUTPUT", arguments->output, "Folder or URI of the table")->required();
  arguments->storage.AddTo(*command);
  command->add_flag("--json", arguments->json, "As JSON");
  command->callback(
      [arguments, &action] { action = [arguments] { return ShowVerify(*arguments); }; });
}

}  // namespace pomona::cli
