#include "pomona/base/available_cores.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace pomona {

int AvailableCores() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  int cores = 1;
  if (sched_getaffinity(0, sizeof(mask), &mask) == 0) cores = CPU_COUNT(&mask);
  // Control group v2: "QUOTA PERIOD" in microseconds, or "max PERIOD".
  std::ifstream limit("/sys/fs/cgroup/cpu.max");
  double quota = 0;
  double period = 0;
  if (limit >> quota >> period && period > 0) {
    cores = std::min(cores, static_cast<int>(std::ceil(quota / period)));
  }
  return std::max(cores, 1);
}

arrow::Status CheckThreads(int threads) {
  if (threads >= 0 && threads <= kMostThreads) return arrow::Status::OK();
  return arrow::Status::Invalid("threads must be 0 (all cores) to ", kMostThreads, ", got ",
                                threads);
}

}  // namespace pomona
