#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/classifier.h"
#include "pomona/classify/row_scores.h"

namespace pomona {

/// All of a classifier, as its accessors show it.
struct Classifier::Fields {
  LearnMethod method = LearnMethod::kDiscriminant;
  ScoreKind score_kind = ScoreKind::kCosine;
  std::vector<std::string> labels;   ///< [classes]
  std::vector<int64_t> counts;       ///< [classes]
  std::vector<double> mean;          ///< [dim]
  std::vector<double> projection;    ///< [rank][dim]
  std::vector<double> class_means;   ///< [classes][rank]
  std::vector<double> weights = {};  ///< [classes][dim]; empty: by discriminant
  std::vector<double> bias = {};     ///< [classes], with the weights
  std::vector<std::vector<Prototype>> prototypes = {};  ///< [classes]
  double temperature = 1;
  double doubt = 0;
  double coverage = 0.95;
  double set_quantile = 1;
  double unknown_threshold = 2;
  double false_alarms = 0.05;
  std::string target = {};
  std::string features = {};
  std::string training = {};

  /// Views of these.
  ScoringNumbers Scoring() const {
    return {.kind = score_kind,
            .mean = mean,
            .projection = projection,
            .class_means = class_means,
            .rank = static_cast<int64_t>(class_means.size() / labels.size()),
            .weights = weights,
            .bias = bias};
  }
};

}  // namespace pomona
