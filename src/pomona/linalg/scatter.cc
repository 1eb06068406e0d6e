#include "pomona/linalg/scatter.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "pomona/linalg/multiply_panels.h"

namespace pomona {
namespace {

/// Rows that one thread copies into a block at once.
constexpr int64_t kCopyRows = 32;

template <class T>
void CopyRow(const T* values, int64_t dim, Panels& panels, int64_t row) {
  double* to = panels.panel(0) + row * kPanelColumns;
  int64_t i = 0;
  for (; i + kPanelColumns <= dim; i += kPanelColumns, to += panels.stride()) {
    for (int64_t lane = 0; lane < kPanelColumns; ++lane) to[lane] = values[i + lane];
  }
  for (int64_t lane = 0; i + lane < dim; ++lane) to[lane] = values[i + lane];
}

}  // namespace

Scatter::Scatter(int64_t dim, int threads)
    : dim_(dim),
      padded_(PaddedColumns(dim)),
      threads_(threads),
      team_(threads),
      mean_(static_cast<size_t>(padded_), 0.0),
      block_(kBlockRows + 1, dim),
      matrix_(AllocateDoubles(padded_ * padded_)) {
  std::fill_n(matrix_.get(), padded_ * padded_, 0.0);
}

template <class T>
void Scatter::Add(const T* rows, int64_t count) {
  while (count > 0) {
    const int64_t taken = std::min(count, kBlockRows - pending_);
    team_.Run((taken + kCopyRows - 1) / kCopyRows, [&](int64_t task) {
      const int64_t end = std::min(taken, (task + 1) * kCopyRows);
      for (int64_t r = task * kCopyRows; r < end; ++r) {
        CopyRow(rows + r * dim_, dim_, block_, pending_ + r);
      }
    });
    pending_ += taken;
    rows += taken * dim_;
    count -= taken;
    if (pending_ == kBlockRows) AddBlock();
  }
}

template void Scatter::Add(const float*, int64_t);
template void Scatter::Add(const double*, int64_t);

int64_t Scatter::CenterBlock() {
  const auto rows = static_cast<double>(pending_);
  const auto before = static_cast<double>(count_);
  const auto all = before + rows;
  // The merge adds before * rows / all x the outer product of the means' difference: one row.
  const double weight = std::sqrt(before * rows / all);
  const int64_t depth = count_ == 0 ? pending_ : pending_ + 1;
  team_.Run(block_.count(), [&](int64_t p) {
    double* panel = block_.panel(p);
    // Relative to the first row: exact where all values are the same.
    std::array<double, kPanelColumns> first;
    std::array<double, kPanelColumns> sum{};
    std::copy_n(panel, kPanelColumns, first.begin());
    for (int64_t r = 1; r < pending_; ++r) {
      const double* values = panel + r * kPanelColumns;
      for (size_t lane = 0; lane < kPanelColumns; ++lane) sum[lane] += values[lane] - first[lane];
    }
    std::array<double, kPanelColumns> mean;
    for (size_t lane = 0; lane < kPanelColumns; ++lane) mean[lane] = first[lane] + sum[lane] / rows;
    for (int64_t r = 0; r < pending_; ++r) {
      double* values = panel + r * kPanelColumns;
      for (size_t lane = 0; lane < kPanelColumns; ++lane) values[lane] -= mean[lane];
    }
    double* merging = panel + pending_ * kPanelColumns;
    double* overall = mean_.data() + p * kPanelColumns;
    for (size_t lane = 0; lane < kPanelColumns; ++lane) {
      const double difference = mean[lane] - overall[lane];
      merging[lane] = difference * weight;
      overall[lane] += difference * (rows / all);
    }
  });
  return depth;
}

void Scatter::AddBlock() {
  if (pending_ == 0) return;
  const int64_t depth = CenterBlock();
  const int64_t groups = (block_.count() + kPanelGroup - 1) / kPanelGroup;
  // A group of columns with all rows above it: the last group has the most.
  team_.Run(groups, [&](int64_t task) {
    const int64_t first = (groups - 1 - task) * kPanelGroup;
    const int64_t panels = std::min(kPanelGroup, block_.count() - first);
    for (int64_t p = 0; p < first + panels; ++p) {
      MultiplyPanels(block_.panel(first), block_.stride(), panels, block_.panel(p), depth,
                     MutableRow(p * kPanelColumns) + first * kPanelColumns, padded_);
    }
  });
  count_ += pending_;
  pending_ = 0;
}

void Scatter::Finish() { AddBlock(); }

void Scatter::Merge(Scatter& other) {
  Finish();
  other.Finish();
  if (other.count_ == 0) return;
  const auto mine = static_cast<double>(count_);
  const auto theirs = static_cast<double>(other.count_);
  const double all = mine + theirs;
  std::vector<double> difference(static_cast<size_t>(padded_));
  for (size_t i = 0; i < difference.size(); ++i) difference[i] = other.mean_[i] - mean_[i];
  team_.Run(dim_, [&](int64_t i) {
    const double weighted = difference[static_cast<size_t>(i)] * (mine * theirs / all);
    double* to = MutableRow(i);
    const double* from = other.row(i);
    for (int64_t j = i; j < dim_; ++j) {
      to[j] += from[j] + weighted * difference[static_cast<size_t>(j)];
    }
  });
  for (size_t i = 0; i < mean_.size(); ++i) mean_[i] += difference[i] * (theirs / all);
  count_ += other.count_;
}

void Scatter::Assign(int64_t count, std::span<const double> mean, std::span<const double> upper) {
  count_ = count;
  pending_ = 0;
  std::copy(mean.begin(), mean.end(), mean_.begin());
  const double* from = upper.data();
  for (int64_t i = 0; i < dim_; ++i) {
    std::copy_n(from, dim_ - i, MutableRow(i) + i);
    from += dim_ - i;
  }
}

}  // namespace pomona
