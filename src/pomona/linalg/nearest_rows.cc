#include "pomona/linalg/nearest_rows.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "pomona/base/thread_team.h"
#include "pomona/linalg/dot_tiles.h"
#include "pomona/linalg/score_sweep.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

struct Candidate {
  float score = 0;
  int32_t row = 0;
};

/// A total order: what is kept does not depend on the order in which candidates come.
bool Better(const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : a.row < b.row;
}

/// The best candidates of each query, as heaps with the worst on top. Threads may work on
/// different queries.
class BestOfEach {
 public:
  BestOfEach(int64_t queries, int64_t kept)
      : kept_(kept),
        candidates_(static_cast<size_t>(queries * kept)),
        counts_(static_cast<size_t>(queries)),
        least_(static_cast<size_t>(queries), -std::numeric_limits<float>::infinity()) {}

  /// The score that the next candidate of a query must exceed.
  const float* least() const { return least_.data(); }

  void Offer(int64_t query, Candidate candidate) {
    Candidate* first = candidates_.data() + query * kept_;
    int32_t& count = counts_[static_cast<size_t>(query)];
    if (count == kept_) {
      if (!Better(candidate, *first)) return;
      std::pop_heap(first, first + count, Better);
      --count;
    }
    first[count++] = candidate;
    std::push_heap(first, first + count, Better);
    if (count == kept_) least_[static_cast<size_t>(query)] = first->score;
  }

  std::span<const Candidate> of(int64_t query) const {
    return {candidates_.data() + query * kept_,
            static_cast<size_t>(counts_[static_cast<size_t>(query)])};
  }

 private:
  const int64_t kept_;
  std::vector<Candidate> candidates_;
  std::vector<int32_t> counts_;
  std::vector<float> least_;
};

/// One search: its state between the sweep and the decision.
class Search {
 public:
  Search(const Rows& queries, const Rows& rows, int64_t k, RowMetric metric, int threads)
      : queries_(queries),
        rows_(rows),
        k_(k),
        metric_(metric),
        threads_(threads),
        team_(threads),
        best_(queries.count, std::min(rows.count, k + std::max<int64_t>(8, k / 4))) {}

  Result<NearestRows> AmongOthers(std::span<const int64_t> own, const arrow::StopToken& stop) {
    const auto scaled = ScaledRows::Make(metric_, queries_, rows_, team_);
    const ScaledRows& rows = scaled.second;
    const ScoreSweep sweep(scaled.first, rows, /*half=*/false, threads_);
    ARROW_RETURN_NOT_OK(sweep.Run(
        team_, stop, [](int64_t, const ScoreBlock&) {},
        [&](const ScoreBlock& stretch) { return TakeRows(rows.minus(), own, stretch); }));
    return Decide(stop);
  }

  Result<NearestRows> AmongEachOther(const arrow::StopToken& stop) {
    const ScaledRows rows = ScaledRows::Make(metric_, rows_, team_);
    std::vector<int64_t> own(static_cast<size_t>(rows_.count));
    for (size_t i = 0; i < own.size(); ++i) own[i] = static_cast<int64_t>(i);
    const ScoreSweep sweep(rows, rows, /*half=*/true, threads_);
    ARROW_RETURN_NOT_OK(sweep.Run(
        team_, stop, [&](int64_t, const ScoreBlock& block) { TakeColumns(rows.minus(), block); },
        [&](const ScoreBlock& stretch) { return TakeRows(rows.minus(), own, stretch); }));
    return Decide(stop);
  }

 private:
  /// Rows of the block are offered to its queries.
  Status TakeRows(const std::vector<float>& minus, std::span<const int64_t> own,
                  const ScoreBlock& block) {
    constexpr int64_t kQueriesATask = 48;
    const float* minus_rows = minus.data() + block.first_row;
    team_.Run((block.queries + kQueriesATask - 1) / kQueriesATask, [&](int64_t task) {
      const int64_t end = std::min(block.queries, (task + 1) * kQueriesATask);
      for (int64_t i = task * kQueriesATask; i < end; ++i) {
        const int64_t query = block.first_query + i;
        const float* dots = block.dots + i * block.stride;
        const float& least = best_.least()[query];
        const int64_t self = own.empty() ? -1 : own[static_cast<size_t>(query)];
        for (int64_t j = NextAboveOfRow(dots, minus_rows, least, 0, block.rows); j < block.rows;
             j = NextAboveOfRow(dots, minus_rows, least, j + 1, block.rows)) {
          const int64_t row = block.first_row + j;
          if (row == self) continue;
          best_.Offer(query, {dots[j] - minus_rows[j], static_cast<int32_t>(row)});
        }
      }
    });
    return Status::OK();
  }

  /// Queries of the block are offered to its rows, where these are not among the queries.
  void TakeColumns(const std::vector<float>& minus, const ScoreBlock& block) {
    if (block.first_row < block.first_query + ScoreSweep::kBlockQueries) return;
    const float* least = best_.least() + block.first_row;
    for (int64_t i = 0; i < block.queries; ++i) {
      const int64_t query = block.first_query + i;
      const float* dots = block.dots + i * block.stride;
      const float minus_query = minus[static_cast<size_t>(query)];
      for (int64_t j = NextAboveOfColumn(dots, minus_query, least, 0, block.rows); j < block.rows;
           j = NextAboveOfColumn(dots, minus_query, least, j + 1, block.rows)) {
        best_.Offer(block.first_row + j, {dots[j] - minus_query, static_cast<int32_t>(query)});
      }
    }
  }

  /// Among the candidates, in double.
  Result<NearestRows> Decide(const arrow::StopToken& stop) {
    constexpr int64_t kQueriesATask = 256;
    ARROW_RETURN_NOT_OK(stop.Poll());
    NearestRows nearest{.k = k_, .rows = {}, .distances = {}};
    nearest.rows.resize(static_cast<size_t>(queries_.count * k_));
    nearest.distances.resize(nearest.rows.size());
    team_.Run((queries_.count + kQueriesATask - 1) / kQueriesATask, [&](int64_t task) {
      std::vector<std::pair<double, int64_t>> found;
      const int64_t end = std::min(queries_.count, (task + 1) * kQueriesATask);
      for (int64_t query = task * kQueriesATask; query < end; ++query) {
        found.clear();
        for (const Candidate& candidate : best_.of(query)) {
          found.emplace_back(
              RowDistance(metric_, queries_.row(query), rows_.row(candidate.row), rows_.dim),
              candidate.row);
        }
        std::ranges::sort(found);
        for (int64_t n = 0; n < k_; ++n) {
          const auto& [distance, row] = found[static_cast<size_t>(n)];
          nearest.rows[static_cast<size_t>(query * k_ + n)] = row;
          nearest.distances[static_cast<size_t>(query * k_ + n)] = static_cast<float>(distance);
        }
      }
    });
    return nearest;
  }

  const Rows queries_;
  const Rows rows_;
  const int64_t k_;
  const RowMetric metric_;
  const int threads_;
  ThreadTeam team_;
  BestOfEach best_;
};

}  // namespace

Result<NearestRows> FindNearestRows(const Rows& queries, const Rows& rows, int64_t k,
                                    RowMetric metric, int threads, const arrow::StopToken& stop) {
  return Search(queries, rows, k, metric, threads).AmongOthers({}, stop);
}

Result<NearestRows> FindNearestOtherRows(const Rows& queries, const Rows& rows,
                                         std::span<const int64_t> own, int64_t k, RowMetric metric,
                                         int threads, const arrow::StopToken& stop) {
  return Search(queries, rows, k, metric, threads).AmongOthers(own, stop);
}

Result<NearestRows> FindNearestToEachOther(const Rows& rows, int64_t k, RowMetric metric,
                                           int threads, const arrow::StopToken& stop) {
  return Search(rows, rows, k, metric, threads).AmongEachOther(stop);
}

}  // namespace pomona
