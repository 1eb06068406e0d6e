#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "pomona/metrics.h"
#include "pomona/options.h"
#include "pomona/reject.h"

namespace pomona::cli {
namespace {

using Json = nlohmann::ordered_json;

ExitCode ShowReference() {
  Json exit_codes = Json::array();
  for (const auto& [code, help] : ExitCodes()) {
    exit_codes.push_back({{"code", static_cast<int>(code)}, {"help", help}});
  }
  Json rejects = Json::array();
  for (const RejectReason reason : RejectReasons()) {
    rejects.push_back({{"code", RejectCode(reason)},
                       {"help", RejectHelp(reason)},
                       {"tried_again", IsWorthRetrying(reason)}});
  }
  const Json reference = {{"options", Json::parse(RunOptionsJson())},
                          {"exit_codes", exit_codes},
                          {"rejects", rejects},
                          {"metrics", ExampleMetrics()}};
  fmt::print("{}\n", reference.dump(2));
  return kOk;
}

}  // namespace

void AddReferenceCommand(CLI::App& app, Action& action) {
  // For scripts/reference: not for users, so that no help shows it.
  auto* command = app.add_subcommand("reference", "The tables behind docs/reference, as JSON");
  command->group("");
  command->callback([&action] { action = ShowReference; });
}

}  // namespace pomona::cli
