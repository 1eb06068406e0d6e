#include "pomona/classify/logistic_choice.h"

#include <array>
#include <utility>

#include "pomona/classify/held_out.h"

namespace pomona {
namespace {

constexpr std::array kPenalties = {0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003};
/// Closer to the minimum names of held-out rows change no more than by chance.
constexpr double kTolerance = 1e-3;
constexpr int kWorseInARow = 2;

}  // namespace

arrow::Result<LogisticChoice> ChoosePenalty(const LogisticRows& logistic, int folds,
                                            std::span<const size_t> rows,
                                            std::span<const int> labels,
                                            std::span<const double> class_weights,
                                            double mean_variance, std::optional<double> penalty,
                                            const arrow::StopToken& stop) {
  std::vector<double> penalties(kPenalties.begin(), kPenalties.end());
  if (penalty) penalties = {*penalty};
  LogisticChoice best;
  std::vector<LogisticPath> paths(static_cast<size_t>(folds));
  int worse = 0;
  for (const double one : penalties) {
    std::vector<LogisticFit> fits;
    for (int fold = 0; fold < folds; ++fold) {
      fits.push_back(logistic.FitAllBut(fold, class_weights, one * mean_variance, kTolerance,
                                        &paths[static_cast<size_t>(fold)], stop));
      ARROW_RETURN_NOT_OK(stop.Poll());
    }
    std::vector<float> scores = logistic.Score(rows, fits);
    const double accuracy = AccuracyOf(scores, labels, static_cast<int64_t>(class_weights.size()));
    // Of equals the stronger, which trusts the rows less.
    if (best.penalty == 0 || accuracy > best.accuracy) {
      best = {.penalty = one, .scores = std::move(scores), .accuracy = accuracy};
      worse = 0;
    } else if (++worse == kWorseInARow) {
      break;
    }
  }
  return best;
}

}  // namespace pomona
