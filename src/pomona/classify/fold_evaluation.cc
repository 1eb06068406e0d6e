#include "pomona/classify/fold_evaluation.h"

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/classify/sureness.h"

namespace pomona {

Calibration CalibrateOthers(const HeldOut& held_out, const LearningRows& which, int fold,
                            double coverage, double false_alarms, int threads) {
  const size_t classes = which.labels.size();
  std::vector<float> scores;
  std::vector<float> unknown;
  std::vector<int32_t> labels;
  for (size_t r = 0; r < held_out.rows.size(); ++r) {
    if (which.fold[held_out.rows[r]] == fold) continue;
    const auto row = std::span(held_out.scores).subspan(r * classes, classes);
    scores.insert(scores.end(), row.begin(), row.end());
    unknown.push_back(held_out.unknown[r]);
    labels.push_back(held_out.labels[r]);
  }
  return Calibrate(scores, unknown, labels, coverage, false_alarms, threads);
}

arrow::Result<Evaluation> EvaluateFolds(const HeldOut& held_out, const LearningRows& which,
                                        double coverage, double false_alarms, int threads) {
  const size_t classes = which.labels.size();
  std::vector<Calibration> by_fold;
  for (int fold = 0; fold < which.folds; ++fold) {
    by_fold.push_back(CalibrateOthers(held_out, which, fold, coverage, false_alarms, threads));
  }
  std::vector<float> probabilities(held_out.scores.size());
  std::vector<double> quantiles;
  std::vector<int32_t> groups;
  for (size_t r = 0; r < held_out.rows.size(); ++r) {
    const size_t row = held_out.rows[r];
    const Calibration& calibration = by_fold[static_cast<size_t>(which.fold[row])];
    Probabilities(std::span(held_out.scores).subspan(r * classes, classes), calibration.sureness,
                  std::span(probabilities).subspan(r * classes, classes));
    quantiles.push_back(calibration.set_quantile);
    if (!which.group.empty()) groups.push_back(which.group[row]);
  }
  EvaluationInput input;
  input.name = "folds";
  input.classes = which.labels;
  input.labels = held_out.labels;
  input.probabilities = probabilities;
  input.groups = groups;
  input.row_quantiles = quantiles;
  input.conformal_level = coverage;
  return EvaluateScores(input);
}

arrow::Result<Evaluation> EvaluateValidation(const HeldOut& held_out, const LearningRows& which,
                                             const Calibration& calibration, double coverage) {
  const size_t classes = which.labels.size();
  std::vector<float> probabilities(held_out.scores.size());
  for (size_t r = 0; r < held_out.labels.size(); ++r) {
    Probabilities(std::span(held_out.scores).subspan(r * classes, classes), calibration.sureness,
                  std::span(probabilities).subspan(r * classes, classes));
  }
  EvaluationInput input;
  input.name = "validation";
  input.classes = which.labels;
  input.labels = held_out.labels;
  input.probabilities = probabilities;
  input.conformal_quantile = calibration.set_quantile;
  input.conformal_level = coverage;
  ARROW_ASSIGN_OR_RAISE(Evaluation evaluation, EvaluateScores(input));
  evaluation.remarks.emplace_back(
      "these rows chose how to learn and how sure to be: what they say is too kind, and rows of "
      "others judge it");
  return evaluation;
}

}  // namespace pomona
