#pragma once

#include <hwy/aligned_allocator.h>

#include <cstdint>
#include <span>
#include <vector>

namespace pomona {

/// Rows of float32 for products from both sides: 192 rows a block, and in it sixteen features at a
/// time, each such panel row by row. Rows and features beyond the last are zero.
class RowPanels {
 public:
  static constexpr int64_t kBlockRows = 192;
  static constexpr int64_t kPanelFeatures = 16;
  static constexpr int64_t kPanelSize = kBlockRows * kPanelFeatures;

  explicit RowPanels(int64_t dim);

  int64_t dim() const { return dim_; }
  int64_t rows() const { return rows_; }
  int64_t blocks() const { return static_cast<int64_t>(blocks_.size()); }
  int64_t RowsOf(int64_t block) const;
  /// [panels][kBlockRows][16], aligned to 64 bytes.
  const float* block(int64_t b) const { return blocks_[static_cast<size_t>(b)].get(); }

  /// row: [dim], finite. Throws std::bad_alloc.
  void Append(std::span<const float> row);

 private:
  const int64_t dim_;
  int64_t rows_ = 0;
  std::vector<hwy::AlignedFreeUniquePtr<float[]>> blocks_;
};

}  // namespace pomona
