#pragma once

#include <arrow/status.h>

#include <cstdint>

#include "pomona/image/image_reader.h"

namespace pomona::image {

/// No image may be wider or higher, whatever max_pixels says: the weights of the resize
/// grow with it. JPEG ends at 65,500, WebP at 16,383.
inline constexpr int64_t kMaxSide = 1'000'000;

/// Rejects (too_many_pixels) what is over the limits; to be called on the header, before
/// any allocation that depends on the size.
arrow::Status CheckPixelLimit(int64_t width, int64_t height, const ImageOptions& options);

}  // namespace pomona::image
