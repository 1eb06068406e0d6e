#pragma once

#include <arrow/result.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace pomona::image {

/// The first picture of a GIF, and the canvas that it is painted on.
struct GifFrame {
  /// The size of the canvas: the screen, larger where the picture sticks out of it, as in Pillow.
  int width = 0;
  int height = 0;
  /// The place of the picture within the canvas.
  int left = 0, top = 0, frame_width = 0, frame_height = 0;
  bool is_interlaced = false;
  std::optional<uint8_t> transparent;  ///< index
  /// RGB of every index; what the file's palette lacks is black, as in Pillow.
  std::array<std::array<uint8_t, 3>, 256> palette{};
  int code_bits = 0;                  ///< of the smallest LZW code, 0 to 255
  std::span<const uint8_t> lzw_data;  ///< blocks of up to 255 bytes, to the end of the file
};

/// Reads all that is before the first picture's pixels. Errors: Rejected(...).
arrow::Result<GifFrame> ParseGifFrame(std::span<const uint8_t> encoded);

}  // namespace pomona::image
