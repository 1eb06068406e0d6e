#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pomona/report/judgement.h"

namespace pomona {

/// Rows that judge, by their label and what was predicted.
struct ConfusionCell {
  int32_t label = 0, predicted = 0;
  int64_t count = 0;
};

/// What is answered wrongly. Rows are of ReportRows.
struct PageWrong {
  static constexpr size_t kMostMistakes = 500;  ///< of each list

  std::vector<ConfusionCell> confusion;  ///< by label, then by what was predicted
  std::vector<int64_t> mistakes;         ///< wrong ones, the most confident first
  std::vector<int64_t> doubtful;         ///< right ones, the least confident first
  std::vector<Judgement::LabelIssue> issues;
  int64_t mistakes_of = 0, issues_of = 0;  ///< how many there are; of them the lists show the first
};

/// Nothing where no row judges.
std::optional<PageWrong> WrongAnswers(const ReportRows& rows, const Judgement& judgement);

/// Rows whose probability is in a range, open below and closed above.
struct ReliabilityBin {
  double from = 0, to = 0;
  int64_t count = 0;
  double confidence = 0, accuracy = 0;  ///< means
};

/// Of the rows that are answered most surely, so large a share: how many are wrong.
struct CoveragePoint {
  double coverage = 0, error = 0;
};

struct HistogramBin {
  double from = 0, to = 0;
  int64_t count = 0;
};

/// How far answers can be trusted.
struct PageTrust {
  std::vector<ReliabilityBin> reliability;  ///< of CalibrationError's bins those that have rows
  double calibration_error = 0;
  std::vector<CoveragePoint> coverage;
  int64_t answered = 0, unknown = 0;    ///< rows; those that look like no class
  std::vector<HistogramBin> histogram;  ///< of how unknown rows are; empty: not said
};

std::optional<PageTrust> TrustInAnswers(const ReportRows& rows, const Judgement& judgement);

}  // namespace pomona
