#pragma once

#include <cstdint>
#include <span>

namespace pomona::image {

/// What an item of a HEIF makes its decoder hold, as its own headers say, whatever the boxes around
/// them do. All are zeros where no frame can be decoded.
struct CodedFrames {
  int64_t width = 0;  ///< of the largest frame, as it is shown
  int64_t height = 0;
  int64_t pixels = 0;  ///< of all frames, in whole blocks
  int half_bytes = 0;  ///< of a pixel as it is stored: 2 is grey of 8 bits, 12 is 4:4:4 of more
};

/// Of the OBUs of AV1, those of `av1C` and then the item's. Only a frame that says so is smaller
/// than the sequence: it has the size that it says or, where that is hard to read, the largest one
/// that its bits could say, which counts for `pixels` alone.
CodedFrames Av1Frames(std::span<const uint8_t> obus);

/// Of `hvcC` and of the NAL units of the item, each behind its length in 4 bytes.
CodedFrames HevcFrames(std::span<const uint8_t> configuration, std::span<const uint8_t> units);

}  // namespace pomona::image
