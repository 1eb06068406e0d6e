#pragma once

namespace pomona {

/// Cores that this process may use: its CPU affinity, and its container's quota
/// (cgroup v2 `cpu.max`) rounded up. At least 1.
int AvailableCores();

}  // namespace pomona
