#include "pomona/linalg/score_sweep.h"

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

#include "pomona/linalg/dot_tiles.h"

namespace pomona {
namespace {

constexpr int64_t kRowsATask = 1024;

int64_t Padded(int64_t count, int64_t width) { return (count + width - 1) / width * width; }

int64_t Tasks(int64_t count, int64_t at_once) { return (count + at_once - 1) / at_once; }

using Floats = hwy::AlignedFreeUniquePtr<float[]>;

Floats AllocateFloats(int64_t count) {
  auto floats = hwy::AllocateAligned<float>(static_cast<size_t>(count));
  if (floats == nullptr) throw std::bad_alloc();
  return floats;
}

/// The mean of each feature. Each is summed by one thread over the rows in order.
std::vector<float> MeanOf(const Rows& rows, ThreadTeam& team) {
  constexpr int64_t kColumns = 64;
  std::vector<float> mean(static_cast<size_t>(rows.dim));
  team.Run(Tasks(rows.dim, kColumns), [&](int64_t task) {
    const int64_t first = task * kColumns;
    const int64_t count = std::min(kColumns, rows.dim - first);
    double sums[kColumns] = {};
    for (int64_t i = 0; i < rows.count; ++i) {
      const float* row = rows.row(i) + first;
      for (int64_t d = 0; d < count; ++d) sums[d] += row[d];
    }
    for (int64_t d = 0; d < count; ++d) {
      mean[static_cast<size_t>(first + d)] =
          static_cast<float>(sums[d] / static_cast<double>(rows.count));
    }
  });
  return mean;
}

/// All dots of the packed `a` with the packed `b`.
void MultiplyBlocks(const float* a, int64_t queries, const float* b, int64_t rows, int64_t dim,
                    float* c, int64_t stride) {
  const int64_t panels = Tasks(rows, kDotColumns);
  const int64_t groups = Tasks(queries, kDotRows);
  for (int64_t first = 0; first < dim; first += kDotDepth) {
    const int64_t depth = std::min(kDotDepth, dim - first);
    const float* a_block = a + first * groups * kDotRows;
    const float* b_block = b + first * panels * kDotColumns;
    for (int64_t g = 0; g < groups; ++g) {
      for (int64_t p = 0; p < panels; p += 2) {
        DotTiles(a_block + g * depth * kDotRows, b_block + p * depth * kDotColumns,
                 depth * kDotColumns, std::min<int64_t>(2, panels - p), depth,
                 c + g * kDotRows * stride + p * kDotColumns, stride, first == 0);
      }
    }
  }
}

}  // namespace

void ScaledRows::MeasureLengths(RowMetric metric, ThreadTeam& team) {
  length_.resize(static_cast<size_t>(rows_.count));
  team.Run(Tasks(rows_.count, kRowsATask), [&](int64_t task) {
    const int64_t end = std::min(rows_.count, (task + 1) * kRowsATask);
    for (int64_t i = task * kRowsATask; i < end; ++i) {
      length_[static_cast<size_t>(i)] =
          metric == RowMetric::kCosine
              ? std::sqrt(RowDot(rows_.row(i), rows_.row(i), rows_.dim))
              : RowDistance(metric, rows_.row(i), center_.data(), rows_.dim);
    }
  });
}

void ScaledRows::SetScale(RowMetric metric, double largest) {
  scale_.resize(length_.size());
  minus_.resize(length_.size());
  for (size_t i = 0; i < length_.size(); ++i) {
    const double by = metric == RowMetric::kCosine ? length_[i] : largest;
    scale_[i] = by == 0 ? 0 : 1 / by;
    const double scaled = length_[i] * scale_[i];
    minus_[i] = metric == RowMetric::kCosine ? 0 : static_cast<float>(scaled * scaled / 2);
  }
}

ScaledRows ScaledRows::Make(RowMetric metric, const Rows& rows, ThreadTeam& team) {
  ScaledRows scaled;
  scaled.rows_ = rows;
  if (metric == RowMetric::kEuclidean) scaled.center_ = MeanOf(rows, team);
  scaled.MeasureLengths(metric, team);
  scaled.SetScale(metric, std::ranges::max(scaled.length_));
  return scaled;
}

std::pair<ScaledRows, ScaledRows> ScaledRows::Make(RowMetric metric, const Rows& queries,
                                                   const Rows& rows, ThreadTeam& team) {
  ScaledRows searched;
  searched.rows_ = rows;
  if (metric == RowMetric::kEuclidean) searched.center_ = MeanOf(rows, team);
  ScaledRows asked;
  asked.rows_ = queries;
  asked.center_ = searched.center_;
  asked.MeasureLengths(metric, team);
  searched.MeasureLengths(metric, team);
  const double largest =
      std::max(std::ranges::max(asked.length_), std::ranges::max(searched.length_));
  asked.SetScale(metric, largest);
  searched.SetScale(metric, largest);
  return {std::move(asked), std::move(searched)};
}

double ScaledRows::error() const {
  return 1.5 * static_cast<double>(rows_.dim + 4) * std::ldexp(1.0, -24);
}

void ScaledRows::Pack(int64_t first, int64_t count, int64_t width, float* out) const {
  const int64_t padded = Padded(count, width);
  for (int64_t from = 0; from < rows_.dim; from += kDotDepth) {
    const int64_t depth = std::min(kDotDepth, rows_.dim - from);
    float* block = out + from * padded;
    for (int64_t i = 0; i < padded; ++i) {
      float* column = block + i / width * width * depth + i % width;
      if (i >= count) {
        for (int64_t d = 0; d < depth; ++d) column[d * width] = 0;
        continue;
      }
      const float* row = rows_.row(first + i) + from;
      const double scale = scale_[static_cast<size_t>(first + i)];
      if (center_.empty()) {
        for (int64_t d = 0; d < depth; ++d) {
          column[d * width] = static_cast<float>(row[d] * scale);
        }
      } else {
        const float* center = center_.data() + from;
        for (int64_t d = 0; d < depth; ++d) {
          column[d * width] = static_cast<float>((static_cast<double>(row[d]) - center[d]) * scale);
        }
      }
    }
  }
}

int64_t ScoreSweep::blocks_at_once() const {
  const int64_t all = Tasks(rows_.rows().count, kBlockRows);
  return std::min<int64_t>(all, std::max(8, 2 * threads_));
}

arrow::Status ScoreSweep::Run(
    ThreadTeam& team, const arrow::StopToken& stop,
    const std::function<void(int64_t, const ScoreBlock&)>& on_block,
    const std::function<arrow::Status(const ScoreBlock&)>& on_stretch) const {
  const int64_t dim = rows_.rows().dim;
  const int64_t row_count = rows_.rows().count;
  const int64_t query_count = queries_.rows().count;
  const int64_t blocks = blocks_at_once();
  const int64_t stride = blocks * kBlockRows;
  const int64_t most_queries = Padded(std::min(kBlockQueries, query_count), kDotRows);
  const Floats left = AllocateFloats(most_queries * dim);
  const Floats right = AllocateFloats(stride * dim);
  const Floats dots = AllocateFloats(most_queries * stride);
  for (int64_t query = 0; query < query_count; query += kBlockQueries) {
    const int64_t queries = std::min(kBlockQueries, query_count - query);
    queries_.Pack(query, queries, kDotRows, left.get());
    for (int64_t row = half_ ? query : 0; row < row_count; row += stride) {
      ARROW_RETURN_NOT_OK(stop.Poll());
      const int64_t rows = std::min(stride, row_count - row);
      team.Run(Tasks(rows, kBlockRows), [&](int64_t number) {
        const int64_t first = number * kBlockRows;
        const int64_t count = std::min(kBlockRows, rows - first);
        float* packed = right.get() + first * dim;
        rows_.Pack(row + first, count, kDotColumns, packed);
        MultiplyBlocks(left.get(), queries, packed, count, dim, dots.get() + first, stride);
        on_block(number, {query, queries, row + first, count, dots.get() + first, stride});
      });
      ARROW_RETURN_NOT_OK(on_stretch({query, queries, row, rows, dots.get(), stride}));
    }
  }
  return arrow::Status::OK();
}

}  // namespace pomona
