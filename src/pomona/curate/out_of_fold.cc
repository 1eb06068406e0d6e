#include "pomona/curate/out_of_fold.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <utility>

#include "pomona/classify/fold_evaluation.h"

namespace pomona {
namespace {

/// Rows come as they were scored, fold by fold of each batch; here in the table's order.
OutOfFold InTableOrder(HeldOut scored, size_t classes) {
  std::vector<size_t> order(scored.rows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return scored.rows[a] < scored.rows[b]; });
  OutOfFold judged;
  judged.probabilities.reserve(scored.scores.size());
  for (const size_t at : order) {
    judged.rows.push_back(scored.rows[at]);
    judged.labels.push_back(scored.labels[at]);
    const auto row = std::span(scored.scores).subspan(at * classes, classes);
    judged.probabilities.insert(judged.probabilities.end(), row.begin(), row.end());
  }
  return judged;
}

}  // namespace

arrow::Result<OutOfFold> JudgeAllRows(LearnedFolds& learned, const TrainOptions& options,
                                      int threads) {
  LearningRows& which = learned.which;
  const size_t classes = which.labels.size();
  std::vector<Sureness> by_fold;
  for (int fold = 0; fold <= which.folds; ++fold) {
    by_fold.push_back(CalibrateOthers(learned.held_out, which, fold, options.coverage,
                                      options.false_alarms, threads)
                          .sureness);
  }
  const auto outside = static_cast<int8_t>(which.folds++);
  for (size_t r = 0; r < which.fold.size(); ++r) {
    if (which.fold[r] < 0 && which.label[r] >= 0) which.fold[r] = outside;
  }
  std::vector<std::vector<Discriminant>> discriminants;
  for (Discriminant& one : learned.by_fold) discriminants.push_back({std::move(one)});
  ARROW_ASSIGN_OR_RAISE(auto pass,
                        LabelledBatches::Open(*learned.table, which, {.features = options.column}));
  ThreadTeam team(threads);
  ARROW_ASSIGN_OR_RAISE(auto scored,
                        ScoreFolds(std::move(pass), which, discriminants, std::array{learned.score},
                                   ScoredRows::kAll, team, options.stop));
  OutOfFold judged = InTableOrder(std::move(scored.front()), classes);
  for (size_t i = 0; i < judged.rows.size(); ++i) {
    const int8_t fold = which.fold[judged.rows[i]];
    judged.outside += fold == outside ? 1 : 0;
    const auto row = std::span(judged.probabilities).subspan(i * classes, classes);
    Probabilities(row, by_fold[static_cast<size_t>(fold)], row);
  }
  return judged;
}

}  // namespace pomona
