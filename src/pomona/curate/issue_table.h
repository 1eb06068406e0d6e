#pragma once

#include <arrow/array/array_binary.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pomona/issues.h"

namespace pomona {

/// What was found of each row of a table that has features. Vectors are [rows].
struct RowIssues {
  std::shared_ptr<arrow::StringArray> path;
  std::vector<int64_t> table_row;
  std::vector<std::string> names;  ///< of labels
  std::vector<int32_t> given;      ///< an index of `names`; -1: no label
  std::vector<int32_t> predicted;  ///< the same; -1: not judged
  std::vector<uint8_t> is_label_issue;
  std::vector<double> label_score;  ///< of judged rows
  std::vector<uint8_t> is_outlier;
  std::vector<double> outlier_score;
  std::vector<int64_t> duplicate_set;  ///< -1: the row is alone
  std::vector<double> duplicate_score;
  std::vector<uint8_t> labels_differ;  ///< in its set of duplicates
  std::vector<uint8_t> is_small_class;
  std::vector<double> class_score;  ///< of labelled rows
  /// [judged][classes], and where a row's are in it (-1: not judged); both empty if not asked for.
  std::span<const float> probabilities;
  std::vector<int64_t> judged;
  int64_t classes = 0;

  int64_t rows() const { return static_cast<int64_t>(table_row.size()); }

  /// What is worst of a row, and its score.
  IssueKind KindOf(int64_t row) const;
  double ScoreOf(int64_t row, IssueKind kind) const;

  /// All rows, the worst first: by kind, then score, then row of the table.
  std::vector<int64_t> WorstFirst() const;

  ShownIssue Show(int64_t row) const;
};

/// docs/format/issues.md. `probabilities`: with that column.
std::shared_ptr<arrow::Schema> IssuesSchema(bool probabilities);

/// These rows, in this order, in batches of kAnswerRows.
arrow::Result<std::vector<std::shared_ptr<arrow::RecordBatch>>> IssueBatches(
    const RowIssues& issues, std::span<const int64_t> order);

}  // namespace pomona
