#include "pomona/curate/spread_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pomona/base/thread_team.h"

namespace pomona {
namespace {

constexpr int64_t kSpreadBlock = 1024;
constexpr double kFar = std::numeric_limits<double>::infinity();

class Spreading {
 public:
  Spreading(const Rows& rows, std::span<const double> weight, int threads)
      : rows_(rows),
        weight_(weight),
        team_(threads),
        square_(static_cast<size_t>(rows.count)),
        distance_(static_cast<size_t>(rows.count), kFar),
        chosen_(static_cast<size_t>(rows.count), 0),
        best_(static_cast<size_t>((rows.count + kSpreadBlock - 1) / kSpreadBlock), -1) {
    ForBlocks([this](int64_t, int64_t row) {
      square_[static_cast<size_t>(row)] = RowDot(rows_.row(row), rows_.row(row), rows_.dim);
    });
  }

  /// No row is farther from the nearest than from this one.
  void Near(const float* place) {
    const double square = RowDot(place, place, rows_.dim);
    ForBlocks([&](int64_t, int64_t row) {
      const auto at = static_cast<size_t>(row);
      const double lengths = std::sqrt(square_[at] * square);
      const double cosine = lengths == 0 ? 0 : RowDot(rows_.row(row), place, rows_.dim) / lengths;
      distance_[at] = std::min(distance_[at], std::clamp(1 - cosine, 0.0, 2.0));
    });
  }

  /// The best row that is not chosen yet; there is one.
  int64_t Best() {
    std::fill(best_.begin(), best_.end(), -1);
    ForBlocks([this](int64_t block, int64_t row) {
      int64_t& best = best_[static_cast<size_t>(block)];
      if (chosen_[static_cast<size_t>(row)] == 0 && (best < 0 || Gain(row) > Gain(best))) {
        best = row;
      }
    });
    int64_t best = -1;
    for (const int64_t row : best_) {
      if (row >= 0 && (best < 0 || Gain(row) > Gain(best))) best = row;
    }
    return best;
  }

  void Choose(int64_t row, SpreadRows* spread) {
    const double distance = distance_[static_cast<size_t>(row)];
    spread->rows.push_back(row);
    spread->distance.push_back(distance == kFar ? std::nullopt : std::optional(distance));
    chosen_[static_cast<size_t>(row)] = 1;
    Near(rows_.row(row));
  }

 private:
  double Gain(int64_t row) const {
    const auto at = static_cast<size_t>(row);
    return weight_[at] * (distance_[at] == kFar ? 1 : distance_[at]);
  }

  template <class Work>
  void ForBlocks(Work work) {
    team_.Run(static_cast<int64_t>(best_.size()), [&](int64_t block) {
      const int64_t first = block * kSpreadBlock;
      const int64_t end = std::min(rows_.count, first + kSpreadBlock);
      for (int64_t row = first; row < end; ++row) work(block, row);
    });
  }

  const Rows rows_;
  const std::span<const double> weight_;
  ThreadTeam team_;
  std::vector<double> square_;    ///< of each row's length
  std::vector<double> distance_;  ///< to the nearest; kFar where there is none yet
  std::vector<uint8_t> chosen_;
  std::vector<int64_t> best_;  ///< of each block
};

}  // namespace

arrow::Result<SpreadRows> Spread(const Rows& rows, std::span<const double> weight,
                                 const Rows& known, int64_t most, int threads,
                                 const arrow::StopToken& stop) {
  Spreading spreading(rows, weight, threads);
  for (int64_t i = 0; i < known.count; ++i) {
    ARROW_RETURN_NOT_OK(stop.Poll());
    spreading.Near(known.row(i));
  }
  SpreadRows spread;
  for (int64_t i = 0; i < std::min(most, rows.count); ++i) {
    ARROW_RETURN_NOT_OK(stop.Poll());
    spreading.Choose(spreading.Best(), &spread);
  }
  return spread;
}

}  // namespace pomona
