#pragma once

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pomona/image/axis_weights.h"

namespace pomona::image {

/// Rows written by HorizontalPass::Run need this many bytes of room.
inline size_t PaddedRowBytes(int width) {
  return (static_cast<size_t>(width) * 3 + 63) / 64 * 64 + 64;
}

/// The two passes of the resize, exact in int32, with the best instructions of this CPU
/// (chosen at run time: AVX-512 with VNNI and VBMI, AVX-512, AVX2, SSE4, NEON, ...).
/// Both store 22-bit weights split into parts that multiply-add instructions take: the
/// split sums are recombined modulo 2^32, so the result is the plain int32 sum.
///
/// Construction picks the table layout of the present CPU. Immutable afterwards, thus
/// thread-safe.
class HorizontalPass {
 public:
  explicit HorizontalPass(const AxisWeights& axis);

  /// Resamples `rows` rows of RGB: in[r] is [in_size, 3] with kRowPadding readable bytes
  /// behind it, out[r] has PaddedRowBytes(out_size) of room, of which [out_size, 3] is the
  /// result and the rest is overwritten with anything.
  void Run(const uint8_t* const* in, uint8_t* const* out, int rows) const;

  size_t table_bytes() const { return table_bytes_; }

 private:
  /// The VNNI passes have two of them.
  enum class Layout { kBlocks, kSteps };

  friend struct HorizontalTables;
  Layout layout_ = Layout::kBlocks;
  int out_size_ = 0;
  int quads_ = 0;  ///< weights per output pixel, in the layout's unit
  std::vector<int32_t> offsets_;
  hwy::AlignedFreeUniquePtr<uint8_t[]> table_;
  size_t table_bytes_ = 0;
};

class VerticalPass {
 public:
  explicit VerticalPass(const AxisWeights& axis);

  /// First input row of output row `y`; it needs input rows first(y) to first(y) +
  /// window() - 1, those past the end of the image having weight zero.
  int first(int y) const { return first_[y]; }
  int window() const { return window_; }

  /// Resamples output rows y to y + rows - 1, which must share first(). in: window() row
  /// pointers, each with `bytes` + kRowPadding readable. out: `rows` pointers; exactly
  /// `bytes` are written to each.
  void Run(int y, int rows, const uint8_t* const* in, uint8_t* const* out, size_t bytes) const;

  size_t table_bytes() const { return words_.size() * sizeof(int32_t); }

 private:
  friend struct VerticalTables;
  int window_ = 0;
  std::vector<int32_t> first_;
  std::vector<int32_t> words_;
};

}  // namespace pomona::image
