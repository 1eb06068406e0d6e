#include "pomona/model/available_cores.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <thread>

namespace pomona {

int AvailableCores() {
  int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  // "QUOTA PERIOD" in microseconds; "max PERIOD" where there is no limit does not parse.
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0;
  double period = 0;
  if (file >> quota >> period && quota > 0 && period > 0) {
    cores = std::clamp(static_cast<int>(std::ceil(quota / period)), 1, cores);
  }
  return cores;
}

}  // namespace pomona
