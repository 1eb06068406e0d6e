#pragma once

#include <arrow/status.h>

#include <cstddef>
#include <cstdint>

#include "pomona/image/image_budget.h"

namespace pomona::image {

/// Bytes that must be readable (their values do not matter) behind the last pixel of every
/// row given to a RowSink: the SIMD passes load whole vectors.
inline constexpr size_t kRowPadding = 64;

/// Where a decoder puts its rows, top to bottom, and what it may spend on them. Not
/// thread-safe.
class RowSink {
 public:
  virtual ~RowSink() = default;

  /// This is called once per image, before any row. `orientation` is EXIF's, 1 to 8; 1 is upright.
  /// An error ends the decoding and is what the decoder returns.
  virtual arrow::Status Start(int width, int height, int orientation) = 0;

  /// The next `count` rows: [count, width, 3], uint8, RGB; rows lie `stride` bytes apart.
  /// Counts their pixels against the budget; an error ends the decoding, as that of Start.
  virtual arrow::Status Push(const uint8_t* rows, size_t stride, int count) = 0;

  /// For what is held beyond a few rows, and for work that comes before the rows.
  virtual ImageBudget& budget() = 0;
};

}  // namespace pomona::image
