#include "pomona/linalg/near_pairs.h"

#include <algorithm>
#include <atomic>
#include <iterator>

#include "pomona/base/thread_team.h"
#include "pomona/linalg/dot_tiles.h"
#include "pomona/linalg/score_sweep.h"

namespace pomona {

arrow::Result<std::vector<NearPair>> FindNearPairs(const Rows& rows, double most, int64_t limit,
                                                   int threads, const arrow::StopToken& stop) {
  ThreadTeam team(threads);
  const ScaledRows scaled = ScaledRows::Make(RowMetric::kCosine, rows, team);
  // A row of zeros is at distance 1 of all, and so is its score of 0: the bound holds of it, too.
  const auto least = static_cast<float>(1 - most - scaled.error() - 1e-7);
  const ScoreSweep sweep(scaled, scaled, /*half=*/true, threads);
  std::vector<std::vector<NearPair>> of_block(static_cast<size_t>(sweep.blocks_at_once()));
  std::vector<NearPair> pairs;
  std::atomic<int64_t> count = 0;
  const auto take = [&](int64_t number, const ScoreBlock& block) {
    auto& found = of_block[static_cast<size_t>(number)];
    const float* minus = scaled.minus().data() + block.first_row;
    for (int64_t i = 0; i < block.queries; ++i) {
      const int64_t query = block.first_query + i;
      const float* dots = block.dots + i * block.stride;
      // Each two once: a row meets those after it.
      const int64_t from = std::clamp<int64_t>(query + 1 - block.first_row, 0, block.rows);
      const size_t before = found.size();
      for (int64_t j = NextAboveOfRow(dots, minus, least, from, block.rows);
           j < block.rows && count.load(std::memory_order_relaxed) <= limit;
           j = NextAboveOfRow(dots, minus, least, j + 1, block.rows)) {
        const int64_t row = block.first_row + j;
        const double distance =
            RowDistance(RowMetric::kCosine, rows.row(query), rows.row(row), rows.dim);
        if (distance > most) continue;
        found.push_back({static_cast<int32_t>(query), static_cast<int32_t>(row), distance});
      }
      count += static_cast<int64_t>(found.size() - before);
    }
  };
  const auto gather = [&](const ScoreBlock&) {
    if (count > limit) {
      return arrow::Status::Invalid("more than ", limit, " pairs of rows are within ", most,
                                    " of each other");
    }
    for (auto& found : of_block) {
      std::ranges::copy(found, std::back_inserter(pairs));
      found.clear();
    }
    return arrow::Status::OK();
  };
  ARROW_RETURN_NOT_OK(sweep.Run(team, stop, take, gather));
  std::ranges::sort(pairs, [](const NearPair& x, const NearPair& y) {
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  });
  return pairs;
}

}  // namespace pomona
