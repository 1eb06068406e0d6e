#include "pomona/classify/centroid_judge.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace pomona {

arrow::Result<JudgedMethod> JudgeCentroids(const FoldStatistics& statistics,
                                           const JudgedRows& judges, std::optional<ScoreKind> score,
                                           ThreadTeam& team, const arrow::StopToken& stop) {
  std::vector<std::vector<Discriminant>> by_fold;
  for (int fold = 0; fold < judges.which.folds; ++fold) {
    by_fold.push_back({CentroidsOf(statistics.AllBut(judges.Without(fold)))});
    auto& mean = by_fold.back().front().mean;
    if (!judges.mean.empty()) mean.assign(judges.mean.begin(), judges.mean.end());
  }
  std::vector<ScoreKind> kinds = {score.value_or(ScoreKind::kCosine)};
  if (!score && !judges.of_training) kinds.push_back(ScoreKind::kDistance);
  ARROW_ASSIGN_OR_RAISE(auto pass, judges.Pass());
  ARROW_ASSIGN_OR_RAISE(auto held_out, ScoreFolds(std::move(pass), judges.which, by_fold, kinds,
                                                  ScoredRows::kEnough, team, stop));
  const auto right = [&](const HeldOut& rows) {
    return rows.Right(std::ssize(judges.which.labels), judges.share());
  };
  const auto best = std::ranges::max_element(held_out, {}, right);
  const double most = right(*best);
  return JudgedMethod{kinds[static_cast<size_t>(best - held_out.begin())], std::move(*best), most};
}

}  // namespace pomona
