#include "pomona/base/peak_memory.h"

#include <sys/resource.h>

namespace pomona {

int64_t PeakMemoryBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} * 1024;
}

}  // namespace pomona
