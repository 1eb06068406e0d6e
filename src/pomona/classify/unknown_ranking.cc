#include "pomona/classify/unknown_ranking.h"

#include <algorithm>

namespace pomona {

UnknownRanking::UnknownRanking(std::span<const float> score, std::span<const uint8_t> unknown) {
  rows_.reserve(score.size());
  for (size_t i = 0; i < score.size(); ++i) {
    rows_.push_back({score[i], unknown[i], static_cast<uint32_t>(i)});
  }
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    return a.score != b.score ? a.score > b.score : a.place < b.place;
  });
}

std::optional<double> UnknownRanking::Auroc(std::span<const int32_t> weight) const {
  double pairs = 0, above = 0, known = 0;
  for (size_t begin = 0; begin < rows_.size();) {
    double tied_unknown = 0, tied_known = 0;
    size_t end = begin;
    for (; end < rows_.size() && rows_[end].score == rows_[begin].score; ++end) {
      const double times = weight.empty() ? 1 : weight[rows_[end].place];
      (rows_[end].unknown != 0 ? tied_unknown : tied_known) += times;
    }
    pairs += tied_known * (above + tied_unknown / 2);
    above += tied_unknown;
    known += tied_known;
    begin = end;
  }
  if (above == 0 || known == 0) return std::nullopt;
  return pairs / (above * known);
}

std::optional<double> UnknownRanking::FalsePositivesAt95() const {
  const auto unknown =
      std::count_if(rows_.begin(), rows_.end(), [](const Row& row) { return row.unknown != 0; });
  const auto known = static_cast<int64_t>(rows_.size()) - unknown;
  if (unknown == 0 || known == 0) return std::nullopt;
  int64_t found = 0, wrong = 0;
  for (size_t i = 0; i < rows_.size(); ++i) {
    ++(rows_[i].unknown != 0 ? found : wrong);
    const bool last_of_ties = i + 1 == rows_.size() || rows_[i + 1].score != rows_[i].score;
    // Whole numbers: 0.95 is none in binary.
    if (last_of_ties && found * 100 >= unknown * 95) break;
  }
  return static_cast<double>(wrong) / static_cast<double>(known);
}

}  // namespace pomona
