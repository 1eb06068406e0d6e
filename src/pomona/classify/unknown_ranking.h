#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pomona {

/// Rows in the order of a score that is to be higher for rows of classes that were never learned.
/// Immutable: for any number of weightings of the same rows.
class UnknownRanking {
 public:
  /// score: [rows], no NaN. unknown: [rows], 1 where the row's class was not learned. Cost: a sort.
  UnknownRanking(std::span<const float> score, std::span<const uint8_t> unknown);

  /// The probability that an unknown row has the higher score than a known one, a tie counting
  /// half: scikit-learn's roc_auc_score. weight: [rows], how often a row counts; empty: once.
  /// Nothing where either kind is missing.
  std::optional<double> Auroc(std::span<const int32_t> weight = {}) const;

  /// The share of known rows that are called unknown by the highest threshold that calls 95 % or
  /// more of the unknown rows so (score >= threshold). Nothing where either kind is missing.
  std::optional<double> FalsePositivesAt95() const;

 private:
  struct Row {
    float score;
    uint8_t unknown;
    uint32_t place;
  };
  std::vector<Row> rows_;  ///< the highest score first
};

}  // namespace pomona
