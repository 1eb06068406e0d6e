#include "pomona/classify/logistic_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pomona/classify/logistic_choice.h"
#include "pomona/classify/logistic_rows.h"
#include "pomona/classify/principal_rows.h"

namespace pomona {
namespace {

/// Of logistic regression: 40 times so many doubles are held.
constexpr int64_t kMostWeights = int64_t{1} << 22;
/// Fewer axes than these say too little, where there are more.
constexpr int64_t kFewAxes = 64;
/// How far the objective of logistic regression is from its minimum, of itself.
constexpr double kClose = 1e-6;

int64_t MostAxes(const LogisticTraining& training) {
  const ClassMoments& moments = training.all.moments();
  const int64_t others = training.judges.of_training ? 0 : training.judges.which.Learned();
  return std::min({static_cast<int64_t>(training.features.size()),
                   LogisticRows::MostAxes(moments.rows + others), kMostWeights / moments.classes()});
}

std::vector<double> ClassWeights(const ClassMoments& moments, bool balanced) {
  std::vector<double> weights(moments.counts.size(), 1.0);
  if (!balanced) return weights;
  const auto mean = static_cast<double>(moments.rows) / static_cast<double>(weights.size());
  for (size_t c = 0; c < weights.size(); ++c) {
    weights[c] = mean / static_cast<double>(std::max<int64_t>(moments.counts[c], 1));
  }
  return weights;
}

}  // namespace

std::string TooMuchForLogistic(const LogisticTraining& training) {
  const auto features = static_cast<int64_t>(training.features.size());
  if (MostAxes(training) >= std::min(kFewAxes, features)) return "";
  const ClassMoments& moments = training.all.moments();
  return fmt::format("{} labels and {} rows are too many for logistic regression",
                     moments.classes(), moments.rows);
}

arrow::Result<LearnedLogistic> LearnLogistic(const LogisticTraining& training, ThreadTeam& team,
                                             int threads, const arrow::StopToken& stop) {
  const ClassMoments& moments = training.all.moments();
  const JudgedRows& judges = training.judges;
  const PrincipalAxes axes(moments, training.features, training.all.factors(), MostAxes(training));
  ARROW_ASSIGN_OR_RAISE(auto pass,
                        LabelledBatches::Open(training.table, training.which, training.columns));
  ARROW_ASSIGN_OR_RAISE(const auto rows, LogisticRows::Read(std::move(pass), training.which, axes,
                                                            team, threads, stop));
  const PrincipalAxes seen =
      axes.SeenFrom(judges.mean.empty() ? std::span<const double>(moments.mean) : judges.mean);
  std::optional<LogisticRows> others;
  if (!judges.of_training) {
    ARROW_ASSIGN_OR_RAISE(auto judging, judges.Pass());
    ARROW_ASSIGN_OR_RAISE(auto read, LogisticRows::Read(std::move(judging), judges.which, seen,
                                                        team, threads, stop));
    others.emplace(std::move(read));
  }
  const std::vector<double> weights = ClassWeights(moments, training.balanced);
  ARROW_ASSIGN_OR_RAISE(LogisticChoice choice,
                        ChoosePenalty({.learned = rows,
                                       .judged = others ? *others : rows,
                                       .judges = judges,
                                       .rows = training.held_out.rows,
                                       .labels = training.held_out.labels,
                                       .class_weights = weights,
                                       .mean_variance = axes.mean_variance(),
                                       .penalty = training.penalty},
                                      stop));
  LearnedLogistic learned;
  learned.penalty = choice.penalty;
  learned.right = choice.right;
  learned.scores = std::move(choice.scores);
  learned.axes = axes.count();
  learned.explained = axes.explained();
  if (training.better_than && learned.right <= *training.better_than) return learned;
  LogisticPath path;
  const LogisticFit& fit = rows.FitAllBut(-1, weights, learned.penalty * axes.mean_variance(),
                                          kClose, &path, stop);
  ARROW_RETURN_NOT_OK(stop.Poll());
  learned.weights = axes.WeightsOfFeatures(fit.weights);
  learned.bias = fit.weights.bias;
  if (others) {
    // What is asked of other rows than those of training, the classifier itself may answer.
    learned.scores = others->Score(training.held_out.rows, {&fit, 1});
    learned.right = ShareRight(learned.scores, training.held_out.labels, moments.classes(),
                               judges.share());
  }
  return learned;
}

}  // namespace pomona
