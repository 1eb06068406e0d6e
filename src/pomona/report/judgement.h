#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pomona/evaluation.h"
#include "pomona/report/report_rows.h"

namespace pomona {

/// A share of right answers, and what it is of.
struct PageAccuracy {
  Estimate estimate;
  int64_t rows = 0;
  std::string how;
};

/// Answers to the rows of a table. Vectors are [rows].
struct Judgement {
  /// A row whose label is likely to be another.
  struct LabelIssue {
    int64_t row = 0;
    double score = 0;       ///< the probability of the given label
    int32_t suggested = 0;  ///< a label
  };

  std::string by;                  ///< who says so, for people
  std::string digest;              ///< of the classifier; empty without one
  std::vector<int32_t> predicted;  ///< an index of ReportRows::labels; -1: not answered
  std::vector<float> probability;  ///< of it
  std::vector<uint8_t> judges;     ///< 1: the row was not learned from, and its label was
  std::vector<float> unknown;      ///< how little a row looks like any class; empty: not said
  double unknown_threshold = 0;    ///< above it a row is unknown
  std::vector<LabelIssue> issues;  ///< the worst first
  std::optional<PageAccuracy> honest,
      official;  ///< of groups that were not seen; of all that judge

  bool right(int64_t row, const ReportRows& rows) const {
    return predicted[static_cast<size_t>(row)] == rows.label[static_cast<size_t>(row)];
  }
};

/// What the classifier of the options says of the rows. With a split the rows of its parts test and
/// held-out judge; else those of the folder Test, or all where there is none. Errors: of
/// ReadClassifierFile and OpenTableFor; Invalid: it learned from rows of another length.
arrow::Result<Judgement> JudgeByClassifier(const ReportOptions& options, int threads,
                                           ReportRows* rows, Remarks* remarks);

/// What is said of each row by what others teach, as FindIssues has it. Nothing, with a remark,
/// where the rows teach nothing, or have so many labels that judging would cost more memory than
/// kMostScores numbers.
arrow::Result<std::optional<Judgement>> JudgeOutOfFold(const ReportOptions& options, int threads,
                                                       ReportRows* rows, Remarks* remarks);

/// Probabilities of some rows that judge.
struct JudgingRows {
  std::vector<int64_t> rows;         ///< of the table's rows with features, ascending
  std::vector<int32_t> labels;       ///< an index of the classes; -1: not learned
  std::vector<float> probabilities;  ///< [rows][classes]
};

/// The shares of right answers of rows of a test, official and honest, by Evaluate's rule: all of
/// them; and those of groups of which no row was learned from, where others judge, too. Remarks on
/// what is not known.
arrow::Status MeasureTest(const JudgingRows& test, const std::vector<std::string>& classes,
                          const ReportRows& rows, Judgement* judgement, Remarks* remarks);

}  // namespace pomona
