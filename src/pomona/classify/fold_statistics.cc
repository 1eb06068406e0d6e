#include "pomona/classify/fold_statistics.h"

#include <cmath>
#include <utility>

namespace pomona {
namespace {

/// Rows of one fold, gathered.
struct Gathered {
  std::vector<float> rows;
  std::vector<int> labels;

  void Add(const float* row, int64_t count, int64_t dim, int label) {
    rows.insert(rows.end(), row, row + count * dim);
    labels.insert(labels.end(), static_cast<size_t>(count), label);
  }
};

std::vector<double> SliceFactors(const ClassStatistics& statistics, std::span<const double> means,
                                 std::span<const double> within, std::span<const int64_t> slices) {
  const int64_t dim = statistics.dim();
  std::vector<double> factors;
  int64_t feature = 0;
  for (const int64_t length : slices) {
    double variance = 0;
    for (int64_t i = feature; i < feature + length; ++i) {
      variance += within[static_cast<size_t>(i * dim + i)];
      for (int64_t c = 0; c < statistics.classes(); ++c) {
        const double mean = means[static_cast<size_t>(c * dim + i)];
        variance += mean * mean * static_cast<double>(statistics.counts()[static_cast<size_t>(c)]);
      }
    }
    variance /= static_cast<double>(statistics.count());
    factors.insert(factors.end(), static_cast<size_t>(length),
                   variance > 0 ? 1 / std::sqrt(variance) : 1);
    feature += length;
  }
  return factors;
}

}  // namespace

arrow::Result<FoldStatistics> FoldStatistics::Read(LabelledBatches& batches,
                                                   const LearningRows& which, int threads,
                                                   const arrow::StopToken& stop, int64_t* views) {
  FoldStatistics statistics;
  statistics.threads_ = threads;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const auto batch, batches.Next());
    if (!batch) break;
    ARROW_RETURN_NOT_OK(stop.Poll());
    const int64_t dim = batches.dim();
    while (statistics.folds_.size() < static_cast<size_t>(which.folds)) {
      statistics.folds_.push_back(
          std::make_unique<ClassStatistics>(dim, static_cast<int>(which.labels.size()), threads));
    }
    std::vector<Gathered> gathered(static_cast<size_t>(which.folds));
    for (size_t r = 0; r < batch->rows.size(); ++r) {
      const auto row = static_cast<size_t>(batch->rows[r]);
      if (which.fold[row] < 0) continue;
      Gathered& to = gathered[static_cast<size_t>(which.fold[row])];
      const auto at = static_cast<int64_t>(r);
      to.Add(batch->features.data() + at * dim, 1, dim, which.label[row]);
      to.Add(batch->views.data() + at * batch->views_a_row * dim, batch->views_a_row, dim,
             which.label[row]);
      *views += batch->views_a_row;
    }
    for (size_t f = 0; f < gathered.size(); ++f) {
      statistics.folds_[f]->Add(gathered[f].rows.data(), gathered[f].labels);
    }
  }
  for (const auto& fold : statistics.folds_) fold->Finish();
  return statistics;
}

std::unique_ptr<ClassStatistics> FoldStatistics::AllBut(int fold) const {
  auto all = std::make_unique<ClassStatistics>(dim(), folds_.front()->classes(), threads_);
  for (size_t f = 0; f < folds_.size(); ++f) {
    if (static_cast<int>(f) != fold) all->Merge(*folds_[f]);
  }
  all->Finish();
  return all;
}

DiscriminantFamily::DiscriminantFamily(std::unique_ptr<ClassStatistics> statistics,
                                       std::span<const int64_t> slices)
    : statistics_(std::move(statistics)),
      means_(statistics_->ClassMeans()),
      within_(statistics_->WithinScatter(means_)),
      factors_(SliceFactors(*statistics_, means_, within_, slices)) {}

Discriminant DiscriminantFamily::Solve(double shrinkage) const {
  return SolveDiscriminant(*statistics_, means_, within_, factors_, shrinkage);
}

}  // namespace pomona
