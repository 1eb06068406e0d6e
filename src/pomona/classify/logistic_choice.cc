#include "pomona/classify/logistic_choice.h"

#include <array>
#include <utility>


namespace pomona {
namespace {

constexpr std::array kPenalties = {0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003};
/// Closer to the minimum names of held-out rows change no more than by chance.
constexpr double kTolerance = 1e-3;
constexpr int kWorseInARow = 2;

}  // namespace

arrow::Result<LogisticChoice> ChoosePenalty(const LogisticQuestion& question,
                                            const arrow::StopToken& stop) {
  std::vector<double> penalties(kPenalties.begin(), kPenalties.end());
  if (question.penalty) penalties = {*question.penalty};
  const auto classes = static_cast<int64_t>(question.class_weights.size());
  const int folds = question.judges.which.folds;
  LogisticChoice best;
  std::vector<LogisticPath> paths(static_cast<size_t>(folds));
  int worse = 0;
  for (const double one : penalties) {
    std::vector<LogisticFit> fits;
    for (int fold = 0; fold < folds; ++fold) {
      fits.push_back(question.learned.FitAllBut(
          question.judges.Without(fold), question.class_weights, one * question.mean_variance,
          kTolerance, &paths[static_cast<size_t>(fold)], stop));
      ARROW_RETURN_NOT_OK(stop.Poll());
    }
    std::vector<float> scores = question.judged.Score(question.rows, fits);
    const double right =
        ShareRight(scores, question.labels, classes, question.judges.share());
    // Of equals the stronger, which trusts the rows less.
    if (best.penalty == 0 || right > best.right) {
      best = {.penalty = one, .scores = std::move(scores), .right = right};
      worse = 0;
    } else if (++worse == kWorseInARow) {
      break;
    }
  }
  return best;
}

}  // namespace pomona
