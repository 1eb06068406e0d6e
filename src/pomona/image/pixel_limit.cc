#include "pomona/image/pixel_limit.h"

#include <fmt/format.h>

#include "pomona/reject.h"

namespace pomona::image {

arrow::Status CheckPixelLimit(int64_t width, int64_t height, const ImageOptions& options) {
  if (width > kMaxSide || height > kMaxSide) {
    return Rejected(RejectReason::kTooManyPixels,
                    fmt::format("image has {} x {} pixels, no side may have more than {}", width,
                                height, kMaxSide));
  }
  if (width * height > options.max_pixels) {
    return Rejected(RejectReason::kTooManyPixels,
                    fmt::format("image has {} x {} = {} pixels, the limit is {}", width, height,
                                width * height, options.max_pixels));
  }
  return arrow::Status::OK();
}

}  // namespace pomona::image
