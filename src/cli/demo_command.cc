#include "cli/commands.h"

namespace pomona::cli {
void AddDemoCommand(CLI::App&, Action&) {}
}  // namespace pomona::cli
