#pragma once

#include <vector>

#include "pomona/image/image_reader.h"
#include "pomona/image/pass_cache.h"
#include "pomona/image/resample_passes.h"
#include "pomona/image/row_sink.h"
#include "pomona/image/scratch.h"

namespace pomona::image {

/// Resizes an image that arrives row by row; holds only the rows that the vertical pass
/// still needs (about 4 * height / out_height of them). Equal to Pillow 13's
/// Image.resize() bit for bit: the order of the two passes is Pillow's (vertical first
/// where the height shrinks by more than twice what the width shrinks), a pass is skipped
/// where the size stays. Not thread-safe.
class Resampler {
 public:
  Resampler(int out_width, int out_height, ResizeFilter filter);
  ~Resampler();

  /// Starts an image of `width` x `height`; the result goes to `pixels`,
  /// [out_height, out_width, 3], uint8. Complete once `height` rows were pushed.
  void Start(int width, int height, uint8_t* pixels);

  /// See RowSink::Push: rows need kRowPadding readable bytes behind them.
  void Push(const uint8_t* rows, size_t stride, int count);

 private:
  enum class Plan { kCopy, kNearest, kHorizontal, kVertical, kHorizontalFirst, kVerticalFirst };
  static constexpr int kChunk = 16;  ///< rows per horizontal pass: keeps them in the L1 cache

  void PushNearest(const uint8_t* rows, size_t stride, int count);
  void PushChunk(const uint8_t* rows, size_t stride, int count);
  /// Makes the output rows whose input rows have all arrived.
  void EmitVertical();
  /// Horizontal pass straight into the result, by way of padded rows.
  void EmitHorizontal(const uint8_t* const* in, int y, int rows);
  uint8_t* OutRow(int y) const { return pixels_ + static_cast<size_t>(y) * out_width_ * 3; }
  uint8_t* RingRow(int row) { return ring_rows_ + (row % ring_slots_) * ring_stride_; }

  const int out_width_;
  const int out_height_;
  const ResizeFilter filter_;
  PassCache<HorizontalPass> horizontals_;
  PassCache<VerticalPass> verticals_;

  Plan plan_ = Plan::kCopy;
  int width_ = 0;
  int height_ = 0;
  uint8_t* pixels_ = nullptr;
  int rows_in_ = 0;
  int next_out_ = 0;
  const HorizontalPass* horizontal_ = nullptr;
  const VerticalPass* vertical_ = nullptr;

  Scratch ring_;  ///< the last ring_slots_ input rows of the vertical pass
  uint8_t* ring_rows_ = nullptr;
  size_t ring_stride_ = 0;
  int ring_slots_ = 1;
  Scratch between_;  ///< kChunk rows between vertical and horizontal pass
  Scratch wide_;     ///< kChunk padded rows of the horizontal pass
  std::vector<const uint8_t*> window_;
  std::vector<int> nearest_x_;  ///< [out_width], source column, or -1: black
  std::vector<int> nearest_y_;  ///< [out_height], likewise
};

}  // namespace pomona::image
