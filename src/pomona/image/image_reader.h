#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <arrow/result.h>
#include <arrow/status.h>

#include "pomona/image.h"

namespace pomona {

/// In pixels.
struct ImageSize {
  int width = 0;
  int height = 0;
};

/// Decodes and resizes. One per thread: it keeps its buffers and decoders between
/// images. Knows nothing of files.
class ImageReader {
 public:
  /// `options.width` and `.height` must be set.
  explicit ImageReader(const ImageOptions& options);
  ~ImageReader();

  /// Writes [height, width, 3] uint8 RGB, row-major, to `pixels`. Equal, bit for bit, to
  /// Pillow: Image.open(encoded).convert("RGB").resize((width, height), filter).
  /// Errors: Rejected(...).
  arrow::Status Read(std::span<const uint8_t> encoded, uint8_t* pixels);

  /// Decodes for people to look at: in its own proportions, no larger than `width` x `height` of
  /// the options, never enlarged. Writes [height, width, 3] of the returned size to
  /// `pixels`, which has room for the largest. Errors: Rejected(...).
  arrow::Result<ImageSize> ReadFitted(std::span<const uint8_t> encoded, uint8_t* pixels);

  /// The size of the picture that Read resizes: as it is encoded, or as it is turned. Costs reading
  /// the header; of HEIC and AVIF, all of it. Errors: Rejected(...).
  arrow::Result<ImageSize> Size(std::span<const uint8_t> encoded);

  /// Time spent so far, in this reader.
  int64_t decode_ns() const;
  int64_t resize_ns() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pomona
