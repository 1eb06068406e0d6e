#pragma once

#include <arrow/status.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/linalg/row_distance.h"

namespace pomona {

/// Rows as they are compared in float32: less their center, times their scale, so that no product
/// is too large for it, and so that the greatest of `dot(q, r) - minus[r]` is the nearest:
///
///   cosine     scale is 1 / length, minus is 0: the score is the cosine
///   Euclidean  scale is one for all, minus is half the squared length: |q - r|^2 = |q|^2 - 2 score
///
/// Immutable; keeps no copy of the rows.
class ScaledRows {
 public:
  /// `queries` and `rows` in the same scale, which `rows` alone decides for the center.
  static std::pair<ScaledRows, ScaledRows> Make(RowMetric metric, const Rows& queries,
                                                const Rows& rows, ThreadTeam& team);
  /// One set that is compared with itself.
  static ScaledRows Make(RowMetric metric, const Rows& rows, ThreadTeam& team);

  const Rows& rows() const { return rows_; }
  const std::vector<float>& minus() const { return minus_; }

  /// What the score of two rows is off by at most, rounding of the sums included: (dim + 4) * 2^-24
  /// times the largest product of two lengths and half a square, which is at most 1.5.
  double error() const;

  /// Rows `first` to `first` + `count` - 1 for DotTiles, `width` of them at once, padded with
  /// zeros. Blocks of kDotDepth features follow each other: see PackedOffset.
  void Pack(int64_t first, int64_t count, int64_t width, float* out) const;

 private:
  void MeasureLengths(RowMetric metric, ThreadTeam& team);
  void SetScale(RowMetric metric, double largest);

  Rows rows_;
  std::vector<float> center_;   // empty: zero
  std::vector<double> length_;  // of the rows less the center
  std::vector<double> scale_;
  std::vector<float> minus_;
};

/// Features that are summed before the next rows are taken: their panels stay in the cache.
inline constexpr int64_t kDotDepth = 256;

/// Scores of some queries with some rows: dots[i * stride + j] is that of `first_query` + i and
/// `first_row` + j, before `minus` is taken off.
struct ScoreBlock {
  int64_t first_query = 0, queries = 0;
  int64_t first_row = 0, rows = 0;
  const float* dots = nullptr;
  int64_t stride = 0;
};

/// Computes all inner products of two sets of rows, block by block, and shows each once.
class ScoreSweep {
 public:
  /// `half`: both are the same rows, and each two of them are needed once: the blocks of queries
  /// meet the rows from their own first one on.
  ScoreSweep(const ScaledRows& queries, const ScaledRows& rows, bool half, int threads)
      : queries_(queries), rows_(rows), half_(half), threads_(threads) {}

  /// `on_block(number, block)` is called by several threads at once, of blocks that have no row in
  /// common, numbered 0 to blocks_at_once() - 1; `on_stretch` then with all of these as one, by
  /// this thread; its error ends the sweep. A row meets the queries in ascending order, and a query
  /// the rows. Cost: queries x rows x dim multiply-adds, half of them with `half`. Memory: what is
  /// packed, some 20 MB + 3 MB a thread for 1,280 features. Cancelled by `stop`.
  arrow::Status Run(ThreadTeam& team, const arrow::StopToken& stop,
                    const std::function<void(int64_t, const ScoreBlock&)>& on_block,
                    const std::function<arrow::Status(const ScoreBlock&)>& on_stretch) const;

  int64_t blocks_at_once() const;

  /// Rows of a block; queries of a stretch are at most three times as many.
  static constexpr int64_t kBlockRows = 256;
  static constexpr int64_t kBlockQueries = 3 * kBlockRows;

 private:
  const ScaledRows& queries_;
  const ScaledRows& rows_;
  const bool half_;
  const int threads_;
};

}  // namespace pomona
