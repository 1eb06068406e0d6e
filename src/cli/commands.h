#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/exit_code.h"

namespace pomona::cli {

/// What a command does once the command line is parsed.
using Action = std::function<ExitCode()>;

/// Each adds its command to `app`, and stores what to do in `action` when it is chosen.
void AddExtractCommand(CLI::App& app, Action& action);
void AddListCommand(CLI::App& app, Action& action);
void AddPlanCommand(CLI::App& app, Action& action);
void AddPcaCommand(CLI::App& app, Action& action);
void AddVerifyCommand(CLI::App& app, Action& action);
void AddModelCommand(CLI::App& app, Action& action);
void AddDemoCommand(CLI::App& app, Action& action);
void AddDoctorCommand(CLI::App& app, Action& action);
void AddReferenceCommand(CLI::App& app, Action& action);

}  // namespace pomona::cli
