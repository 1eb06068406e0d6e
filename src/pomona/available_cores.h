#pragma once

namespace pomona {

/// Cores that this process may use: its affinity mask, and its control group's CPU quota
/// rounded up. At least 1.
int AvailableCores();

}  // namespace pomona
