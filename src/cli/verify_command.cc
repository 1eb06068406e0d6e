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

struct VerifyArguments {
  std::string output;
  StorageArguments storage;
  bool quick = false;
  bool json = false;
};

ExitCode ShowVerify(const VerifyArguments& arguments) {
  const auto storage = arguments.storage.Resolve();
  if (!storage.ok()) return Report(storage.status());
  const auto report = Verify(arguments.output, *storage, arguments.quick);
  if (!report.ok()) return Report(report.status());
  if (arguments.json) fmt::print("{}", report->ToJson());
  for (const auto& problem : report->problems) {
    fmt::print(stderr, "{} {}\n", Red("problem:", stderr), ShownMessage(problem));
  }
  if (!report->problems.empty()) return kProblems;
  if (!arguments.json) {
    fmt::print("{}: {} parts, {} rows + {} rejects = {} references, {}\n",
               arguments.quick ? "all there" : "verified", Thousands(report->parts),
               Thousands(report->rows), Thousands(report->rejects), Thousands(report->references),
               arguments.quick ? "nothing of them read" : Bytes(report->bytes) + " read");
  }
  return kOk;
}

}  // namespace

void AddVerifyCommand(Command all) {
  Command command =
      all.AddCommand("verify", "Prove a finished table by reading all of it, or look quickly");
  auto arguments = std::make_shared<VerifyArguments>();
  command.Add("OUTPUT", arguments->output, "Folder or URI of the table").Required();
  arguments->storage.AddTo(command);
  command.AddFlag("--quick", arguments->quick,
                  "Names, sizes and the states' hashes alone: no data is read");
  command.AddFlag("--json", arguments->json, "As JSON");
  command.Does([arguments] { return ShowVerify(*arguments); });
}

}  // namespace pomona::cli
