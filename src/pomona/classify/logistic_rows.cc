#include "pomona/classify/logistic_rows.h"

#include <algorithm>
#include <utility>

namespace pomona {

arrow::Result<LogisticRows> LogisticRows::Read(LabelledBatches batches, const LearningRows& which,
                                               const PrincipalAxes& axes, ThreadTeam& team,
                                               int threads, const arrow::StopToken& stop) {
  LogisticRows all(which, axes, team, threads);
  for (int f = 0; f < which.folds; ++f) all.folds_.emplace_back(axes.count());
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const auto batch, batches.Next());
    if (!batch) return all;
    ARROW_RETURN_NOT_OK(stop.Poll());
    const int64_t dim = batches.dim();
    const int64_t views = batch->views_a_row;
    for (int f = 0; f < which.folds; ++f) {
      Fold& fold = all.folds_[static_cast<size_t>(f)];
      std::vector<float> rows;
      std::vector<float> turned;
      for (size_t r = 0; r < batch->rows.size(); ++r) {
        const auto row = static_cast<size_t>(batch->rows[r]);
        if (which.fold[row] != f) continue;
        const auto at = static_cast<int64_t>(r);
        const float* from = batch->features.data() + at * dim;
        rows.insert(rows.end(), from, from + dim);
        from = batch->views.data() + at * views * dim;
        turned.insert(turned.end(), from, from + views * dim);
        fold.labels.push_back(which.label[row]);
        fold.labels_of_views.insert(fold.labels_of_views.end(), static_cast<size_t>(views),
                                    which.label[row]);
        fold.places.push_back(row);
      }
      axes.Append(rows.data(), static_cast<int64_t>(rows.size()) / dim, team, &fold.rows);
      axes.Append(turned.data(), static_cast<int64_t>(turned.size()) / dim, team, &fold.views);
    }
  }
}

const LogisticFit& LogisticRows::FitAllBut(int fold, std::span<const double> class_weights,
                                           double penalty, double tolerance, LogisticPath* path,
                                           const arrow::StopToken& stop) const {
  std::vector<LabelledPanels> parts;
  for (int f = 0; f < which_.folds; ++f) {
    if (f == fold) continue;
    const Fold& one = folds_[static_cast<size_t>(f)];
    parts.push_back({&one.rows, one.labels});
    parts.push_back({&one.views, one.labels_of_views});
  }
  const SoftmaxLoss loss(std::move(parts), class_weights, team_, threads_);
  return path->Next(loss, axes_.variances(), penalty, tolerance, stop);
}

std::vector<float> LogisticRows::Score(std::span<const size_t> rows,
                                       std::span<const LogisticFit> by_fold) const {
  const size_t classes = which_.labels.size();
  std::vector<float> scores(rows.size() * classes);
  for (size_t f = 0; f < folds_.size(); ++f) {
    const Fold& fold = folds_[f];
    std::vector<float> of_fold(fold.places.size() * classes);
    LinearScores(fold.rows, by_fold[f].weights, team_, of_fold.data());
    for (size_t r = 0; r < rows.size(); ++r) {
      if (which_.fold[rows[r]] != static_cast<int>(f)) continue;
      const auto place = std::lower_bound(fold.places.begin(), fold.places.end(), rows[r]);
      std::copy_n(of_fold.begin() + (place - fold.places.begin()) * static_cast<int64_t>(classes),
                  classes, scores.begin() + static_cast<int64_t>(r * classes));
    }
  }
  return scores;
}

}  // namespace pomona
