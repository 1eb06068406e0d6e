#pragma once

#include <arrow/status.h>

#include <cstddef>
#include <cstdint>

#include "pomona/image.h"

namespace pomona::image {

/// What one image may still cost its thread: max_image_seconds of CPU time, and
/// max_image_memory bytes for the encoded image and for whatever grows with its size. A decoder
/// asks before it allocates (Take) and now and then while it works (Spend). Rejected:
/// too_much_memory, too_slow. For the thread that calls Start.
class ImageBudget {
 public:
  /// Uses max_image_seconds and max_image_memory of `options`.
  explicit ImageBudget(const ImageOptions& options);

  /// A new image of that many bytes, with a budget of its own.
  arrow::Status Start(size_t encoded_bytes);

  /// To be called before an allocation that may be large.
  arrow::Status Take(uint64_t bytes);
  uint64_t memory_left() const { return memory_left_; }

  /// So many pixels more were worked on; at least once for each few rows.
  arrow::Status Spend(int64_t pixels) {
    unseen_pixels_ += pixels;
    if (unseen_pixels_ < kPixelsPerLook) return arrow::Status::OK();
    return Look();
  }

  /// Pixels between two looks at the clock: a few milliseconds of work.
  static constexpr int64_t kPixelsPerLook = 1 << 18;

 private:
  arrow::Status Look();

  const double seconds_;
  const uint64_t memory_;
  uint64_t memory_left_ = 0;
  int64_t unseen_pixels_ = 0;
  int64_t started_ns_ = 0;  ///< CPU time of the thread
};

}  // namespace pomona::image
