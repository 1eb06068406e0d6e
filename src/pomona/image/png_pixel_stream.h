#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "pomona/image/png_chunks.h"

namespace pomona::image {

/// A PNG as a stream of bytes that leaves out the chunks which do not change the pixels: texts,
/// profiles, EXIF, and what is private. libspng would hold them all, inflated, and refuses a
/// file for some errors in them that harm nobody. Not thread-safe.
class PngPixelStream {
 public:
  explicit PngPixelStream(std::span<const uint8_t> encoded);

  /// The next `bytes`; false where the file ends before.
  bool Read(void* to, size_t bytes);

 private:
  /// To the next chunk that stays.
  void Advance();

  std::span<const uint8_t> run_;  ///< may be read as it is
  PngChunks chunks_;
};

}  // namespace pomona::image
