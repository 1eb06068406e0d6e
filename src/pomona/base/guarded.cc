#include "pomona/base/guarded.h"

#include <new>
#include <system_error>

namespace pomona {
namespace {
constexpr char kHint[] =
    "\nhint: a limit on the address space (ulimit -v, spark.executor.pyspark.memory) counts what "
    "is reserved, threads and libraries too: give 2 GiB and more a process, or no limit";
}  // namespace

arrow::Status StatusOf(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return arrow::Status::OutOfMemory("the system gives no more memory", kHint);
  }
  if (const auto* system = dynamic_cast<const std::system_error*>(&error);
      system != nullptr && system->code() == std::errc::resource_unavailable_try_again) {
    return arrow::Status::OutOfMemory("the system gives no more threads", kHint);
  }
  return arrow::Status::UnknownError(error.what());
}

}  // namespace pomona
