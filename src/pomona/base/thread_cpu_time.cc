#include "pomona/base/thread_cpu_time.h"

#include <ctime>

namespace pomona {

int64_t ThreadCpuNanoseconds(pthread_t thread) {
  clockid_t clock;
  timespec time;
  if (pthread_getcpuclockid(thread, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace pomona
