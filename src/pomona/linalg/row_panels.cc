#include "pomona/linalg/row_panels.h"

#include <algorithm>
#include <new>

namespace pomona {

RowPanels::RowPanels(int64_t dim) : dim_(dim) {}

int64_t RowPanels::RowsOf(int64_t block) const {
  return std::min(kBlockRows, rows_ - block * kBlockRows);
}

void RowPanels::Append(std::span<const float> row) {
  const int64_t place = rows_ % kBlockRows;
  if (place == 0) {
    const int64_t panels = (dim_ + kPanelFeatures - 1) / kPanelFeatures;
    const auto size = static_cast<size_t>(panels * kPanelSize);
    auto block = hwy::AllocateAligned<float>(size);
    if (block == nullptr) throw std::bad_alloc();
    std::fill_n(block.get(), size, 0.0F);
    blocks_.push_back(std::move(block));
  }
  float* to = blocks_.back().get() + place * kPanelFeatures;
  for (int64_t first = 0; first < dim_; first += kPanelFeatures, to += kPanelSize) {
    std::copy_n(row.data() + first, std::min(kPanelFeatures, dim_ - first), to);
  }
  ++rows_;
}

}  // namespace pomona
