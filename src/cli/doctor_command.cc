#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/run_arguments.h"
#include "cli/spelling.h"
#include "cli/terminal.h"
#include "pomona/doctor.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct DoctorArguments {
  DoctorOptions options;
  StorageArguments storage;
  bool no_speed_test = false;
  bool json = false;
};

void Print(const DoctorReport& report) {
  std::string topic;
  for (const auto& finding : report.findings) {
    if (finding.topic != topic) {
      topic = finding.topic;
      fmt::print("{}\n", Bold(topic, stdout));
    }
    const std::string level = finding.level == FindingLevel::kProblem ? Red("problem", stdout)
                              : finding.level == FindingLevel::kNote  ? Blue("note   ", stdout)
                                                                      : Green("ok     ", stdout);
    fmt::print("  {} {:<20} {}\n", level, finding.name, ShownUri(Spelt(finding.value)));
    if (!finding.hint.empty()) fmt::print("  {:<28} hint: {}\n", "", ShownUri(Spelt(finding.hint)));
  }
}

ExitCode Doctor(DoctorArguments& arguments) {
  if (const auto status = arguments.storage.Resolve().Value(&arguments.options.storage);
      !status.ok()) {
    return Report(status);
  }
  if (arguments.no_speed_test) arguments.options.speed_test = std::chrono::milliseconds(0);
  const auto report = Examine(arguments.options);
  if (!report.ok()) return Report(report.status());
  if (arguments.json) {
    fmt::print("{}", report->ToJson());
  } else {
    Print(*report);
  }
  const bool problems =
      std::any_of(report->findings.begin(), report->findings.end(),
                  [](const Finding& finding) { return finding.level == FindingLevel::kProblem; });
  return problems ? kProblems : kOk;
}

}  // namespace

void AddDoctorCommand(Command all) {
  Command command = all.AddCommand(
      "doctor", "Look at this machine: CPU, engine, models, credentials (never shown), speed");
  auto arguments = std::make_shared<DoctorArguments>();
  command.Add("--model", arguments->options.model, "Of the speed test").ShowDefault();
  command.AddFlag("--no-speed-test", arguments->no_speed_test, "Skip its three seconds");
  command.AddFlag("--json", arguments->json, "As JSON");
  arguments->storage.AddTo(command);
  command.Does([arguments] { return Doctor(*arguments); });
}

}  // namespace pomona::cli
