#pragma once

#include <pthread.h>

#include <cstdint>

namespace pomona {

/// CPU time that a running thread has used so far. Costs nothing to the thread itself,
/// unlike a clock read around each piece of its work. The thread must not be joined yet.
int64_t ThreadCpuNanoseconds(pthread_t thread);

}  // namespace pomona
