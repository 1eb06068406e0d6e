#include "pomona/linalg/near_pairs.h"

#include <algorithm>
#include <iterator>

#include "pomona/base/thread_team.h"
#include "pomona/linalg/dot_tiles.h"
#include "pomona/linalg/score_sweep.h"

namespace pomona {

arrow::Status SweepNearPairs(const Rows& rows, double most, int threads,
                             const arrow::StopToken& stop,
                             const std::function<bool(int64_t a, int64_t b)>& wanted,
                             const std::function<arrow::Status(std::span<const NearPair>)>& take) {
  ThreadTeam team(threads);
  const ScaledRows scaled = ScaledRows::Make(RowMetric::kCosine, rows, team);
  // A row of zeros is at distance 1 of all, and so is its score of 0: the bound holds of it, too.
  const auto least = static_cast<float>(1 - most - scaled.error() - 1e-7);
  const ScoreSweep sweep(scaled, scaled, /*half=*/true, threads);
  std::vector<std::vector<NearPair>> of_block(static_cast<size_t>(sweep.blocks_at_once()));
  const auto sift = [&](int64_t number, const ScoreBlock& block) {
    auto& found = of_block[static_cast<size_t>(number)];
    const float* minus = scaled.minus().data() + block.first_row;
    for (int64_t i = 0; i < block.queries; ++i) {
      const int64_t query = block.first_query + i;
      const float* dots = block.dots + i * block.stride;
      // Each two once: a row meets those after it.
      const int64_t from = std::clamp<int64_t>(query + 1 - block.first_row, 0, block.rows);
      for (int64_t j = NextAboveOfRow(dots, minus, least, from, block.rows); j < block.rows;
           j = NextAboveOfRow(dots, minus, least, j + 1, block.rows)) {
        const int64_t row = block.first_row + j;
        if (!wanted(query, row)) continue;
        const double distance =
            RowDistance(RowMetric::kCosine, rows.row(query), rows.row(row), rows.dim);
        if (distance > most) continue;
        found.push_back({static_cast<int32_t>(query), static_cast<int32_t>(row), distance});
      }
    }
  };
  const auto gather = [&](const ScoreBlock&) {
    for (auto& found : of_block) {
      ARROW_RETURN_NOT_OK(take(found));
      found.clear();
    }
    return arrow::Status::OK();
  };
  return sweep.Run(team, stop, sift, gather);
}

arrow::Result<std::vector<NearPair>> FindNearPairs(const Rows& rows, double most, int64_t limit,
                                                   int threads, const arrow::StopToken& stop) {
  std::vector<NearPair> pairs;
  const auto all = [](int64_t, int64_t) { return true; };
  const auto take = [&](std::span<const NearPair> found) {
    if (static_cast<int64_t>(pairs.size() + found.size()) > limit) {
      return arrow::Status::Invalid("more than ", limit, " pairs of rows are within ", most,
                                    " of each other");
    }
    std::ranges::copy(found, std::back_inserter(pairs));
    return arrow::Status::OK();
  };
  ARROW_RETURN_NOT_OK(SweepNearPairs(rows, most, threads, stop, all, take));
  std::ranges::sort(pairs, [](const NearPair& x, const NearPair& y) {
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  });
  return pairs;
}

}  // namespace pomona
