#pragma once

#include <hwy/aligned_allocator.h>

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/linalg/panels.h"

namespace pomona {

/// Count, mean and scatter matrix of rows that come in blocks. See PcaStatistics, which is this
/// with a door. For one thread.
class Scatter {
 public:
  /// Rows of a block. A block's panels of 1,280 features are 2.6 MB: larger ones leave the
  /// second-level cache, smaller ones read and write the matrix more often.
  static constexpr int64_t kBlockRows = 256;

  Scatter(int64_t dim, int threads);

  int64_t dim() const { return dim_; }
  int64_t count() const { return count_ + pending_; }
  int threads() const { return threads_; }

  /// rows: [count, dim], all finite.
  template <class T>
  void Add(const T* rows, int64_t count);
  void Merge(Scatter& other);

  /// These hold for all rows so far, once Finish() was called.
  std::span<const double> mean() const { return {mean_.data(), static_cast<size_t>(dim_)}; }
  /// Row i of the scatter matrix; elements i to dim - 1 of it are valid. Finish() first.
  const double* row(int64_t i) const { return matrix_.get() + i * padded_; }
  /// Takes the last, shorter block in. Add may go on after it, with other blocks than without.
  void Finish();

  /// Sets everything; `upper`: rows of the upper triangle, one after the other.
  void Assign(int64_t count, std::span<const double> mean, std::span<const double> upper);

 private:
  /// The block as it is, less its mean, and with one row more that merges it.
  int64_t CenterBlock();
  void AddBlock();
  double* MutableRow(int64_t i) { return matrix_.get() + i * padded_; }

  const int64_t dim_;
  const int64_t padded_;
  const int threads_;
  ThreadTeam team_;
  int64_t count_ = 0;    ///< without what is pending
  int64_t pending_ = 0;  ///< rows in block_
  std::vector<double> mean_;
  Panels block_;
  hwy::AlignedFreeUniquePtr<double[]> matrix_;  ///< [padded, padded], its upper triangle
};

}  // namespace pomona
