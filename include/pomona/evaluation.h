#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// Where a value lies with 95 %.
struct Interval {
  double low = 0, high = 0;
};

/// A measured value, and its interval where there are groups enough for one.
struct Estimate {
  double value = 0;
  std::optional<Interval> interval;
};

/// Rows of one class that were given, and those that were predicted to be of it.
struct ClassScore {
  int64_t given = 0, predicted = 0, right = 0;
  double precision = 0;  ///< right / predicted; 0 where none was predicted
  double recall = 0;     ///< right / given; 0 where none was given
  double f1 = 0;         ///< 2 * right / (given + predicted); 0 where that is 0
};

/// Rows of one class that were predicted to be of another, or of the same.
struct ClassPair {
  int32_t given = 0, predicted = 0;
  int64_t rows = 0;
};

/// What a classifier said of rows that it did not learn from, and what they are. Views: for the
/// time of a call.
struct EvaluationInput {
  /// Of the evaluation: "official", "honest". A column of a table.
  std::string name;
  /// [classes], distinct: what the classifier knows.
  std::span<const std::string> classes;
  /// [rows]: an index of `classes`, or -1: a label that was not learned. Such rows count for
  /// "unknown" alone.
  std::span<const int32_t> labels;
  /// [rows, classes], row-major: 0 to 1, of a row 1 together.
  std::span<const float> probabilities;
  /// [rows], or empty: higher is more likely of no known class. Finite.
  std::span<const float> unknown_scores;
  /// [rows], or empty: any numbers; equal ones are one group. Empty: each row is a group.
  std::span<const int32_t> groups;
  /// What conformal sets are cut off at, from rows of calibration; may be infinite. Without it
  /// there are no sets.
  std::optional<double> conformal_quantile;
  /// [rows], or empty: one for each row instead, where rows were calibrated apart.
  std::span<const double> row_quantiles;
  /// With what probability a set should hold the right label; of (0, 1).
  double conformal_level = 0.95;
  /// Draws of the bootstrap; 0: no intervals. Fewer are drawn of more than 200,000 rows.
  int draws = 2000;
  uint64_t seed = 1;  ///< of the draws
};

/// How good the answers are.
struct Evaluation {
  std::string name;
  std::vector<std::string> classes;
  int64_t rows = 0;          ///< with a label that was learned: all but AUROC and FPR is of these
  int64_t unknown_rows = 0;  ///< with a label that was not
  int64_t groups = 0;        ///< of `rows`
  int draws = 0;             ///< of the bootstrap that gave the intervals

  Estimate accuracy;
  /// Mean F1 of classes that were given or predicted. In the draws of its interval: that were
  /// given.
  Estimate macro_f1;
  Estimate balanced_accuracy;  ///< mean recall of classes that were given
  /// Expected calibration error: 15 bins of equal width of the top probability.
  Estimate calibration_error;
  double log_loss = 0;  ///< mean negative log likelihood, natural logarithm

  double conformal_level = 0;
  std::optional<double> conformal_quantile;
  std::optional<Estimate> coverage;         ///< share of sets that hold the right label
  std::optional<double> mean_set_size;      ///< labels of a set
  std::optional<double> empty_sets;         ///< share of sets without a label
  std::optional<Estimate> unknown_auroc;    ///< of telling unknown rows from known ones
  std::optional<double> unknown_fpr_at_95;  ///< known rows called unknown where 95 % of those are

  std::vector<ClassScore> scores;     ///< [classes]
  std::vector<ClassPair> confusions;  ///< wrong ones, the most frequent first
  std::vector<std::string> remarks;   ///< sentences for people: what to know of the numbers

  /// A JSON object. An infinite quantile is null.
  std::string ToJson() const;
};

/// Computes it. The predicted class is the likeliest, the first of equals. Intervals are of 95 %,
/// by a bootstrap of whole groups: its percentiles. Deterministic. Cost: rows x (classes + draws).
///
/// Invalid: arrays whose lengths do not fit; labels that are no class; probabilities that are none,
/// or do not add up to 1 within 0.001; scores that are not finite; a level outside of (0, 1); a
/// negative number of draws; no row with a label that was learned.
arrow::Result<Evaluation> EvaluateScores(const EvaluationInput& input);

}  // namespace pomona
