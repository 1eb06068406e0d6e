#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <span>

#include "pomona/image/image_budget.h"
#include "pomona/image/image_reader.h"

namespace pomona::image {

/// What libheif and its decoders hold for the primary image of a file. `ispe`, which they are asked
/// for, is only what a box says: they decode frames as large as these are by their own headers.
struct HeifMemory {
  int64_t pixels = 0;     ///< of the largest item that is decoded, or made of others
  int bytes_a_pixel = 0;  ///< 12 for 4:2:0 of 8 bits, 30 for 4:4:4 of more
};

/// By the headers of the items alone. Rejected: too_many_pixels, where a frame is over the limits,
/// but for parts of a larger picture, of which some is cut; too_much_memory, where items are large.
arrow::Result<HeifMemory> HeifMemoryOf(std::span<const uint8_t> file, const ImageOptions& options,
                                       ImageBudget& budget);

}  // namespace pomona::image
