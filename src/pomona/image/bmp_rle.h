#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace pomona::image {

/// Expands the runs of a BMP that begin at `offset` of the file: [height, width] indices in the
/// order of the file, as Pillow understands them (an end of line at a row's begin is none).
/// Returns how many of the width x height indices were there. Thread-safe.
size_t ExpandBmpRuns(std::span<const uint8_t> encoded, size_t offset, bool four_bits, size_t width,
                     size_t height, uint8_t* indices);

}  // namespace pomona::image
