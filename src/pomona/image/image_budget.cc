#include "pomona/image/image_budget.h"

#include <fmt/format.h>
#include <time.h>

#include "pomona/reject.h"

namespace pomona::image {
namespace {

int64_t ThreadCpuNanoseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

ImageBudget::ImageBudget(const ImageOptions& options)
    : seconds_(options.max_image_seconds), memory_(options.max_image_memory) {}

arrow::Status ImageBudget::Start(size_t encoded_bytes) {
  memory_left_ = memory_;
  unseen_pixels_ = 0;
  started_ns_ = ThreadCpuNanoseconds();
  return Take(encoded_bytes);
}

arrow::Status ImageBudget::Take(uint64_t bytes) {
  if (bytes > memory_left_) {
    return Rejected(RejectReason::kTooMuchMemory,
                    fmt::format("image needs {} bytes of memory or more, the limit is {}",
                                memory_ - memory_left_ + bytes, memory_));
  }
  memory_left_ -= bytes;
  return arrow::Status::OK();
}

arrow::Status ImageBudget::Look() {
  unseen_pixels_ = 0;
  const auto spent = static_cast<double>(ThreadCpuNanoseconds() - started_ns_) * 1e-9;
  if (spent <= seconds_) return arrow::Status::OK();
  return Rejected(RejectReason::kTooSlow,
                  fmt::format("image takes more than {} s of CPU time", seconds_));
}

}  // namespace pomona::image
