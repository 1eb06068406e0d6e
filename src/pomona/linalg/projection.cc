#include "pomona/linalg/projection.h"

#include <algorithm>

#include "pomona/linalg/multiply_panels.h"

namespace pomona {
namespace {

/// Rows that one thread projects at once, and features that it takes of them at a time: a piece
/// of the rows (128 kB) and one of three panels of components (48 kB) stay in the
/// second-level cache.
constexpr int64_t kBlockRows = 64;
constexpr int64_t kBlockFeatures = 256;

}  // namespace

Projection::Projection(int64_t dim, int64_t k, std::span<const double> components,
                       std::span<const double> mean, std::span<const double> scale)
    : dim_(dim), k_(k), mean_(mean.begin(), mean.end()), components_(dim, k) {
  mean_.resize(static_cast<size_t>(dim));
  for (int64_t c = 0; c < k; ++c) {
    double* panel = components_.panel(c / kPanelColumns) + c % kPanelColumns;
    for (int64_t i = 0; i < dim; ++i) {
      const double divisor = scale.empty() ? 1.0 : scale[static_cast<size_t>(i)];
      panel[i * kPanelColumns] = components[static_cast<size_t>(c * dim + i)] / divisor;
    }
  }
}

template <class T>
void Projection::Apply(const T* rows, int64_t count, double* out, ThreadTeam& team) const {
  team.Run((count + kBlockRows - 1) / kBlockRows, [&](int64_t task) {
    const int64_t first = task * kBlockRows;
    ApplyToBlock(rows + first * dim_, std::min(kBlockRows, count - first), out + first * k_);
  });
}

template void Projection::Apply(const float*, int64_t, double*, ThreadTeam&) const;
template void Projection::Apply(const double*, int64_t, double*, ThreadTeam&) const;

template <class T>
void Projection::ApplyToBlock(const T* rows, int64_t count, double* out) const {
  // The rows stand in the columns of the panels: the product is of two panels again.
  Panels block(std::min(kBlockFeatures, dim_), count);
  const int64_t width = components_.count() * kPanelColumns;
  const int64_t padded_rows = block.count() * kPanelColumns;
  const auto sums = AllocateDoubles(padded_rows * width);
  std::fill_n(sums.get(), padded_rows * width, 0.0);
  for (int64_t first = 0; first < dim_; first += kBlockFeatures) {
    const int64_t depth = std::min(kBlockFeatures, dim_ - first);
    for (int64_t r = 0; r < count; ++r) {
      const T* from = rows + r * dim_ + first;
      const double* mean = mean_.data() + first;
      double* to = block.panel(r / kPanelColumns) + r % kPanelColumns;
      for (int64_t i = 0; i < depth; ++i) to[i * kPanelColumns] = from[i] - mean[i];
    }
    for (int64_t p = 0; p < components_.count(); p += kPanelGroup) {
      const double* panel = components_.panel(p) + first * kPanelColumns;
      for (int64_t b = 0; b < block.count(); ++b) {
        MultiplyPanels(panel, components_.stride(), std::min(kPanelGroup, components_.count() - p),
                       block.panel(b), depth,
                       sums.get() + b * kPanelColumns * width + p * kPanelColumns, width);
      }
    }
  }
  for (int64_t r = 0; r < count; ++r) std::copy_n(sums.get() + r * width, k_, out + r * k_);
}

}  // namespace pomona
