#include "pomona/classify/discriminant_choice.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

#include "pomona/classify/sureness.h"
#include "pomona/error_kind.h"

namespace pomona {
namespace {

using arrow::Result;

/// By which slices are compared.
constexpr double kUsual = 0.1;
/// From so many labels on the angle tells them apart better than the distance.
constexpr size_t kManyLabels = 10;
constexpr std::array kShrinkages = {0.001, 0.01, 0.03, 0.1, 0.3, 0.5};

/// One call of ChooseDiscriminant.
class Chooser {
 public:
  Chooser(const DiscriminantQuestion& question, ThreadTeam& team, int threads,
          const arrow::StopToken& stop)
      : question_(question), team_(team), threads_(threads), stop_(stop) {}

  Result<DiscriminantChoice> Choose() {
    std::vector<std::unique_ptr<DiscriminantFamily>> folds;
    folds.reserve(static_cast<size_t>(question_.judged.which.folds));
    for (int fold = 0; fold < question_.judged.which.folds; ++fold) {
      folds.push_back(std::make_unique<DiscriminantFamily>(
          question_.statistics.AllBut(question_.judged.Without(fold)), question_.slices));
    }
    std::vector<SliceSet> sets = SliceSets(question_.slices);
    // Folds that cut through what is alike would choose what remembers best.
    if (!question_.judged.which.folds_of_groups) sets.resize(1);
    size_t best_set = 0;
    if (sets.size() > 1) {
      std::vector<Try> tries;
      tries.reserve(sets.size());
      for (const auto& set : sets) tries.push_back({&set, question_.shrinkage.value_or(kUsual)});
      ARROW_ASSIGN_OR_RAISE(const auto held_out, Judge(folds, tries));
      std::vector<size_t> all(held_out.size());
      std::iota(all.begin(), all.end(), size_t{0});
      best_set = BestOf(held_out, all) % sets.size();
    }
    const SliceSet& set = sets[best_set];
    std::vector<Try> tries;
    if (question_.shrinkage) {
      tries = {{&set, *question_.shrinkage}};
    } else {
      for (const double one : kShrinkages) tries.push_back({&set, one});
    }
    ARROW_ASSIGN_OR_RAISE(auto held_out, Judge(folds, tries));
    const size_t best = Best(held_out, tries.size());
    return DiscriminantChoice{.set = set,
                              .shrinkage = tries[best % tries.size()].shrinkage,
                              .score = Kinds()[best / tries.size()],
                              .held_out = std::move(held_out[best])};
  }

 private:
  struct Try {
    const SliceSet* set;
    double shrinkage;
  };

  std::vector<ScoreKind> Kinds() const {
    if (question_.score) return {*question_.score};
    // Folds that cut through what is alike, where all is right, say nothing of it either.
    if (!question_.judged.which.folds_of_groups) {
      const bool many = question_.judged.which.labels.size() >= kManyLabels;
      return {many ? ScoreKind::kCosine : ScoreKind::kDistance};
    }
    return {ScoreKind::kCosine, ScoreKind::kDistance};
  }

  /// [kinds][tries]: what each says of the rows of all folds.
  Result<std::vector<HeldOut>> Judge(const std::vector<std::unique_ptr<DiscriminantFamily>>& folds,
                                     const std::vector<Try>& tries) {
    std::vector<std::vector<Discriminant>> by_fold(folds.size());
    team_.Run(static_cast<int64_t>(folds.size()), [&](int64_t fold) {
      const auto at = static_cast<size_t>(fold);
      for (const Try& one : tries) by_fold[at].push_back(folds[at]->Solve(*one.set, one.shrinkage));
    });
    ARROW_RETURN_NOT_OK(stop_.Poll());
    for (size_t f = 0; f < by_fold.size(); ++f) {
      auto& fold = by_fold[f];
      if (fold.front().rank == 0) {
        if (!question_.judged.of_training) {
          return DamagedData("nothing in the features tells the labels apart");
        }
        return DamagedData(
            "nothing in the features tells the labels apart without the rows of fold ", f,
            "\nhint: each label needs rows in two folds");
      }
      for (auto& one : fold) {
        // Slices that tell nothing apart are as good as all: never better, so never chosen.
        if (one.rank == 0) one = fold.front();
        const auto mean = question_.judged.mean;
        if (!mean.empty()) one.mean.assign(mean.begin(), mean.end());
      }
    }
    ARROW_ASSIGN_OR_RAISE(auto pass, question_.judged.Pass());
    return ScoreFolds(std::move(pass), question_.judged.which, by_fold, Kinds(), ScoredRows::kEnough,
                      team_, stop_);
  }

  /// How unlikely its labels are, by the probabilities that fit them best.
  double LossOfLabels(const HeldOut& rows) const {
    const Sureness sureness = FitSureness(rows.scores, rows.labels, threads_);
    return LossOf(rows.scores, rows.labels, sureness, threads_);
  }

  /// The share of right names, where that is what is chosen by.
  double Right(const HeldOut& rows) const {
    return rows.Right(static_cast<int64_t>(question_.judged.which.labels.size()),
                      question_.judged.share());
  }

  /// The best of them: of folds what makes the labels likeliest; of a table of its own what names
  /// most labels rightly, and of such the likeliest. Of equals the first, and so where there are no
  /// rows.
  size_t BestOf(const std::vector<HeldOut>& held_out, const std::vector<size_t>& among) const {
    if (among.size() == 1 || held_out.front().labels.empty()) return among.front();
    size_t best = among.front();
    double most = -1;
    double least = std::numeric_limits<double>::infinity();
    for (const size_t k : among) {
      const double right = question_.judged.of_training ? 0 : Right(held_out[k]);
      if (right < most) continue;
      const double loss = LossOfLabels(held_out[k]);
      if (right == most && !(loss < least)) continue;
      best = k;
      most = right;
      least = loss;
    }
    return best;
  }

  /// Which of [kinds][shrinkages]: of each kind the shrinkage by which most rows are named rightly,
  /// and of these the kind that makes the labels likeliest.
  size_t Best(const std::vector<HeldOut>& held_out, size_t shrinkages) const {
    std::vector<size_t> of_kinds;
    for (size_t first = 0; first < held_out.size(); first += shrinkages) {
      size_t chosen = first;
      double most = 0;
      for (size_t k = first; k < first + shrinkages; ++k) {
        const double accuracy = Right(held_out[k]);
        // Of equals the one that is drawn furthest, which trusts the rows least.
        if (accuracy >= most) chosen = k;
        most = std::max(most, accuracy);
      }
      of_kinds.push_back(chosen);
    }
    return BestOf(held_out, of_kinds);
  }

  const DiscriminantQuestion& question_;
  ThreadTeam& team_;
  const int threads_;
  const arrow::StopToken& stop_;
};

}  // namespace

Result<DiscriminantChoice> ChooseDiscriminant(const DiscriminantQuestion& question,
                                              ThreadTeam& team, int threads,
                                              const arrow::StopToken& stop) {
  return Chooser(question, team, threads, stop).Choose();
}

}  // namespace pomona
