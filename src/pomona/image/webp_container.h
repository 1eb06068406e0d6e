#pragma once

#include <arrow/result.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "pomona/image/image_budget.h"

namespace pomona::image {

/// Where the parts of a WebP lie in its file. Of an animation only the counts are of use.
struct WebpContainer {
  std::span<const uint8_t>
      image;                      ///< the chunk of the picture, without alpha; empty: there is none
  std::span<const uint8_t> exif;  ///< the first one, if the header announces any
  std::string_view xmp;           ///< the same
  int64_t frames = 0;             ///< ANMF chunks
  int64_t others = 0;             ///< chunks that are neither frame nor picture
};

/// Walks the chunks of `encoded`, which WebPGetFeatures has accepted, without a copy: however many
/// there are, no memory is taken, and the clock of `budget` is looked at. What libwebp's demuxer,
/// and so Pillow, calls damage of the container is rejected as corrupt or truncated.
arrow::Result<WebpContainer> ReadWebpContainer(std::span<const uint8_t> encoded,
                                               ImageBudget& budget);

}  // namespace pomona::image
