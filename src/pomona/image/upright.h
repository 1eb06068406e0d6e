#pragma once

#include <cstddef>
#include <cstdint>

#include "pomona/image/resampler.h"
#include "pomona/image/scratch.h"

namespace pomona::image {

/// Turns an image upright, as Pillow's ImageOps.exif_transpose: holds the whole image,
/// [height, width, 3], since every row of the result may need all of its rows.
/// Not thread-safe.
class Upright {
 public:
  /// `orientation` is 2 to 8.
  void Start(int width, int height, int orientation);
  int out_width() const { return swaps_ ? height_ : width_; }
  int out_height() const { return swaps_ ? width_ : height_; }

  void Push(const uint8_t* rows, size_t stride, int count);

  /// Pushes the upright image to `to`, which was started with the swapped size.
  void Finish(Resampler& to);

 private:
  int width_ = 0;
  int height_ = 0;
  int orientation_ = 1;
  bool swaps_ = false;
  int rows_in_ = 0;
  Scratch picture_;
  Scratch strip_;
};

}  // namespace pomona::image
