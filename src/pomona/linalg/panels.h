#pragma once

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <cstdint>
#include <new>

namespace pomona {

/// Columns of a panel: 64 bytes of doubles, a cache line and the widest vector there is.
inline constexpr int64_t kPanelColumns = 8;
/// Panels that MultiplyPanels takes at once.
inline constexpr int64_t kPanelGroup = 3;

inline int64_t PanelCount(int64_t columns) { return (columns + kPanelColumns - 1) / kPanelColumns; }
inline int64_t PaddedColumns(int64_t columns) { return PanelCount(columns) * kPanelColumns; }

/// Throws std::bad_alloc, which Highway's own does not.
inline hwy::AlignedFreeUniquePtr<double[]> AllocateDoubles(int64_t count) {
  auto doubles = hwy::AllocateAligned<double>(static_cast<size_t>(count));
  if (doubles == nullptr) throw std::bad_alloc();
  return doubles;
}

/// A matrix of doubles laid out for MultiplyPanels: eight columns at a time, each panel row by
/// row: element (r, c) is panel(c / 8)[r * 8 + c % 8]. Columns beyond the last are zero.
class Panels {
 public:
  Panels(int64_t rows, int64_t columns)
      // One row more than asked for, or panels whose distance is a power of two would fall on
      // the same few lines of the cache.
      : rows_(rows), count_(PanelCount(columns)), stride_((rows + 1) * kPanelColumns) {
    const auto size = static_cast<size_t>(count_ * stride_);
    data_ = AllocateDoubles(count_ * stride_);
    for (size_t i = 0; i < size; ++i) data_[i] = 0;
  }

  int64_t rows() const { return rows_; }
  int64_t count() const { return count_; }
  /// From one panel to the next, in doubles.
  int64_t stride() const { return stride_; }
  double* panel(int64_t p) { return data_.get() + p * stride_; }
  const double* panel(int64_t p) const { return data_.get() + p * stride_; }

 private:
  int64_t rows_;
  int64_t count_;
  int64_t stride_;
  hwy::AlignedFreeUniquePtr<double[]> data_;
};

}  // namespace pomona
