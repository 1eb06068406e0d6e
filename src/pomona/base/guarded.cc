#include "pomona/base/guarded.h"

#include <chrono>
#include <new>
#include <string>
#include <system_error>

namespace pomona {
namespace {

constexpr char kHint[] =
    "\nhint: a limit on the address space (ulimit -v, spark.executor.pyspark.memory) counts what "
    "is reserved, threads and libraries too: give 2 GiB and more a process, or no limit";

// Made while there is memory: a message that is put together needs more of it than a copy.
const arrow::Status kNoMemory =
    arrow::Status::OutOfMemory("the system gives no more memory", kHint);
const arrow::Status kNoThreads =
    arrow::Status::OutOfMemory("the system gives no more threads", kHint);

arrow::Status Made(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return kNoMemory;
  if (const auto* system = dynamic_cast<const std::system_error*>(&error);
      system != nullptr && system->code() == std::errc::resource_unavailable_try_again) {
    return kNoThreads;
  }
  return {arrow::StatusCode::UnknownError, error.what()};
}

}  // namespace

arrow::Status StatusOf(const std::exception& error) {
  // Where there is not even memory for that, other threads are about to give theirs back.
  constexpr int kPatience = 100;
  for (int attempt = 1; attempt < kPatience; ++attempt) {
    try {
      return Made(error);
    } catch (const std::bad_alloc&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  return Made(error);
}

}  // namespace pomona
