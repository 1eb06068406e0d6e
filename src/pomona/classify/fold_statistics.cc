#include "pomona/classify/fold_statistics.h"

#include <cmath>
#include <utility>

#include "pomona/error_kind.h"

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

std::vector<double> SliceFactors(const ClassMoments& moments,
                                 const std::vector<FeatureSlice>& slices) {
  const int64_t dim = moments.dim();
  std::vector<double> factors;
  int64_t feature = 0;
  for (const auto& slice : slices) {
    double variance = 0;
    for (const int64_t end = feature + slice.length; feature < end; ++feature) {
      variance += moments.within[static_cast<size_t>(feature * dim + feature)];
      for (int64_t c = 0; c < moments.classes(); ++c) {
        const double mean = moments.means[static_cast<size_t>(c * dim + feature)];
        variance += mean * mean * static_cast<double>(moments.counts[static_cast<size_t>(c)]);
      }
    }
    variance /= static_cast<double>(moments.rows);
    factors.insert(factors.end(), static_cast<size_t>(slice.length),
                   variance > 0 ? 1 / std::sqrt(variance) : 1);
  }
  return factors;
}

}  // namespace

arrow::Result<FoldStatistics> FoldStatistics::Read(LabelledBatches& batches,
                                                   const LearningRows& which, int threads,
                                                   const arrow::StopToken& stop, int64_t* views,
                                                   const std::function<void(const LabelledBatch&)>& also) {
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
    if (also) also(*batch);
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
  if (statistics.folds_.empty()) {
    return DamagedData("no row that is to be learned from has features");
  }
  for (const auto& fold : statistics.folds_) fold->Finish();
  return statistics;
}

ClassMoments FoldStatistics::AllBut(int fold) const {
  ClassStatistics all(dim(), folds_.front()->classes(), threads_);
  for (size_t f = 0; f < folds_.size(); ++f) {
    if (static_cast<int>(f) != fold) all.Merge(*folds_[f]);
  }
  all.Finish();
  return ClassMoments::Of(all);
}

DiscriminantFamily::DiscriminantFamily(ClassMoments moments, std::vector<FeatureSlice> slices)
    : moments_(std::move(moments)),
      slices_(std::move(slices)),
      factors_(SliceFactors(moments_, slices_)) {}

Discriminant DiscriminantFamily::Solve(const SliceSet& set, double shrinkage) const {
  const std::vector<int64_t> features = FeaturesOf(slices_, set);
  if (static_cast<int64_t>(features.size()) == moments_.dim()) {
    return SolveDiscriminant(moments_, factors_, shrinkage);
  }
  std::vector<double> factors;
  for (const int64_t feature : features) factors.push_back(factors_[static_cast<size_t>(feature)]);
  Discriminant found = SolveDiscriminant(moments_.Only(features), factors, shrinkage);
  std::vector<double> projection(static_cast<size_t>(found.rank * moments_.dim()), 0.0);
  const double* from = found.projection.data();
  for (int64_t d = 0; d < found.rank; ++d) {
    for (const int64_t feature : features) {
      projection[static_cast<size_t>(d * moments_.dim() + feature)] = *from++;
    }
  }
  found.dim = moments_.dim();
  found.mean = moments_.mean;
  found.projection = std::move(projection);
  return found;
}

}  // namespace pomona
