#include "cli/commands.h"

namespace pomona::cli {
void AddDoctorCommand(CLI::App&, Action&) {}
}  // namespace pomona::cli
