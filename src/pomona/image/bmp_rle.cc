#include "pomona/image/bmp_rle.h"

#include <algorithm>
#include <cstring>

namespace pomona::image {
namespace {

enum Escape : uint8_t { kEndOfLine = 0, kEndOfBitmap = 1, kDelta = 2 };

uint8_t Nibble(uint8_t byte, size_t index) { return index % 2 == 0 ? byte >> 4 : byte & 15; }

}  // namespace

size_t ExpandBmpRuns(std::span<const uint8_t> encoded, size_t offset, bool four_bits, size_t width,
                     size_t height, uint8_t* indices) {
  const size_t total = width * height;
  size_t at = offset;
  size_t done = 0;
  size_t x = 0;
  while (done < total && at + 2 <= encoded.size()) {
    const uint8_t count = encoded[at];
    const uint8_t value = encoded[at + 1];
    at += 2;
    if (count > 0) {
      // What does not fit into the row is dropped.
      const size_t pixels = std::min({size_t{count}, width - std::min(x, width), total - done});
      for (size_t i = 0; i < pixels; ++i) {
        indices[done + i] = four_bits ? Nibble(value, i) : value;
      }
      done += pixels;
      x += pixels;
    } else if (value == kEndOfLine) {
      const size_t blank = (width - done % width) % width;
      std::memset(indices + done, 0, blank);
      done += blank;
      x = 0;
    } else if (value == kEndOfBitmap) {
      break;
    } else if (value == kDelta) {
      if (at + 2 > encoded.size()) break;
      const size_t blank = std::min(total - done, encoded[at] + encoded[at + 1] * width);
      at += 2;
      std::memset(indices + done, 0, blank);
      done += blank;
      x = done % width;
    } else {
      const size_t pixels = std::min(total - done, size_t{value});
      const size_t bytes = four_bits ? (pixels + 1) / 2 : pixels;
      const size_t there = std::min(bytes, encoded.size() - at);
      const size_t read = std::min(pixels, four_bits ? there * 2 : there);
      for (size_t i = 0; i < read; ++i) {
        indices[done + i] = four_bits ? Nibble(encoded[at + i / 2], i) : encoded[at + i];
      }
      done += read;
      at += there;
      if (there < bytes) break;
      x += value;
      at += at % 2;  // what follows begins at an even place
    }
  }
  return done;
}

}  // namespace pomona::image
