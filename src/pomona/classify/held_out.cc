#include "pomona/classify/held_out.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <numeric>

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Rows of a batch for one scorer.
struct Chosen {
  std::vector<float> rows;
  std::vector<int> labels;
  std::vector<size_t> places;  ///< in the table
};

ScoringNumbers NumbersOf(const Discriminant& discriminant, ScoreKind kind) {
  return {.kind = kind,
          .mean = discriminant.mean,
          .projection = discriminant.projection,
          .class_means = discriminant.class_means,
          .rank = discriminant.rank,
          .weights = {},
          .bias = {}};
}

/// Appends the scores of these rows.
void Score(const RowScores& scores, const Chosen& chosen, size_t classes, ThreadTeam& team,
           HeldOut* held_out) {
  const auto count = static_cast<int64_t>(chosen.labels.size());
  const size_t before = held_out->scores.size();
  const size_t rows = held_out->unknown.size();
  held_out->scores.resize(before + chosen.labels.size() * classes);
  held_out->unknown.resize(rows + chosen.labels.size());
  scores.Of(chosen.rows.data(), count, held_out->scores.data() + before,
            held_out->unknown.data() + rows, team);
  const auto append = [](const auto& from, auto& to) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(chosen.labels, held_out->labels);
  append(chosen.places, held_out->rows);
}

/// Calls `choose(row of the table)` for every `step`-th row of those that `wanted` wants; it
/// returns where the row goes, or null.
Status ForEachRow(LabelledBatches& batches, const LearningRows& which, int64_t step,
                  const arrow::StopToken& stop, const std::function<bool(int8_t)>& wanted,
                  const std::function<Chosen*(size_t)>& choose, const std::function<void()>& done) {
  int64_t seen = 0;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const auto batch, batches.Next());
    if (!batch) return Status::OK();
    ARROW_RETURN_NOT_OK(stop.Poll());
    const int64_t dim = batches.dim();
    for (size_t r = 0; r < batch->rows.size(); ++r) {
      const auto row = static_cast<size_t>(batch->rows[r]);
      if (!wanted(which.fold[row]) || seen++ % step != 0) continue;
      Chosen* to = choose(row);
      if (to == nullptr) continue;
      const float* from = batch->features.data() + static_cast<int64_t>(r) * dim;
      to->rows.insert(to->rows.end(), from, from + dim);
      to->labels.push_back(which.label[row]);
      to->places.push_back(row);
    }
    done();
  }
}

}  // namespace

double ShareRight(std::span<const float> scores, std::span<const int> labels, int64_t classes,
                  RightShare share) {
  std::vector<int64_t> rows(static_cast<size_t>(classes), 0);
  std::vector<int64_t> right(static_cast<size_t>(classes), 0);
  for (size_t r = 0; r < labels.size(); ++r) {
    const auto first = scores.begin() + static_cast<int64_t>(r) * classes;
    const auto label = static_cast<size_t>(labels[r]);
    ++rows[label];
    right[label] += std::max_element(first, first + classes) - first == labels[r] ? 1 : 0;
  }
  if (labels.empty()) return 0;
  if (share == RightShare::kOfRows) {
    return static_cast<double>(std::accumulate(right.begin(), right.end(), int64_t{0})) /
           static_cast<double>(labels.size());
  }
  double sum = 0;
  double there = 0;
  for (size_t c = 0; c < rows.size(); ++c) {
    if (rows[c] == 0) continue;
    sum += static_cast<double>(right[c]) / static_cast<double>(rows[c]);
    ++there;
  }
  return sum / there;
}

int64_t HeldOutLimit::Step(int64_t rows, int64_t scores) {
  const int64_t most = std::clamp<int64_t>(kMostScores / scores, 1, kMostRows);
  return std::max<int64_t>((rows + most - 1) / most, 1);
}

Result<std::vector<HeldOut>> ScoreFolds(LabelledBatches batches, const LearningRows& which,
                                        const std::vector<std::vector<Discriminant>>& by_fold,
                                        std::span<const ScoreKind> kinds, ScoredRows rows,
                                        ThreadTeam& team, const arrow::StopToken& stop) {
  const size_t tried = by_fold.front().size() * kinds.size();
  const auto classes = which.labels.size();
  std::vector<std::deque<RowScores>> scorers(by_fold.size());
  for (size_t f = 0; f < by_fold.size(); ++f) {
    for (const ScoreKind kind : kinds) {
      for (const auto& discriminant : by_fold[f]) {
        scorers[f].emplace_back(NumbersOf(discriminant, kind));
      }
    }
  }
  std::vector<HeldOut> held_out(tried);
  std::vector<Chosen> chosen(by_fold.size());
  const auto wanted = [](int8_t fold) { return fold >= 0; };
  const auto choose = [&](size_t row) -> Chosen* {
    const auto fold = static_cast<size_t>(static_cast<uint8_t>(which.fold[row]));
    const auto& means = by_fold[fold].front().class_means;
    const auto rank = static_cast<int64_t>(means.size() / classes);
    const auto mean = means.begin() + which.label[row] * rank;
    // Of a label that only this fold has nothing was learned.
    const bool known = std::any_of(mean, mean + rank, [](double one) { return one != 0; });
    return known ? &chosen[fold] : nullptr;
  };
  const auto score = [&] {
    for (size_t f = 0; f < chosen.size(); ++f) {
      for (size_t k = 0; k < tried; ++k) {
        Score(scorers[f][k], chosen[f], classes, team, &held_out[k]);
      }
      chosen[f] = {};
    }
  };
  const int64_t step =
      rows == ScoredRows::kAll
          ? 1
          : HeldOutLimit::Step(which.Learned(), static_cast<int64_t>(classes * tried));
  ARROW_RETURN_NOT_OK(ForEachRow(batches, which, step, stop, wanted, choose, score));
  return held_out;
}

Result<HeldOut> ScoreCalibration(LabelledBatches batches, const LearningRows& which,
                                 const RowScores& scores, ThreadTeam& team,
                                 const arrow::StopToken& stop) {
  HeldOut held_out;
  Chosen chosen;
  const auto wanted = [](int8_t fold) { return fold == LearningRows::kCalibrates; };
  const int64_t step =
      HeldOutLimit::Step(which.Calibrating(), static_cast<int64_t>(which.labels.size()));
  ARROW_RETURN_NOT_OK(ForEachRow(
      batches, which, step, stop, wanted, [&](size_t) { return &chosen; },
      [&] {
        Score(scores, chosen, which.labels.size(), team, &held_out);
        chosen = {};
      }));
  return held_out;
}

}  // namespace pomona
