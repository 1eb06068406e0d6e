#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "pomona/base/json.h"
#include "pomona/metrics.h"
#include "pomona/options.h"
#include "pomona/reject.h"

namespace pomona::cli {
namespace {

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
  const Json reference = {{"options", ParseJson(RunOptionsJson()).ValueOrDie()},
                          {"exit_codes", exit_codes},
                          {"rejects", rejects},
                          {"metrics", ExampleMetrics()}};
  fmt::print("{}", JsonDocument(reference));
  return kOk;
}

}  // namespace

void AddReferenceCommand(Command all) {
  // For scripts/reference: not for users, so that no help shows it.
  Command command = all.AddCommand("reference", "The tables behind docs/reference, as JSON");
  command.Hide();
  command.Does(ShowReference);
}

}  // namespace pomona::cli
