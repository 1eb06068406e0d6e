#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pomona/report/report_rows.h"

namespace pomona {

/// How a table differs from another, earlier one.
struct PageCompare {
  struct LabelCount {
    std::string label;
    int64_t before = 0, now = 0;
    std::optional<double> distance;  ///< cosine, of the means of its rows; where both have some
  };

  std::string other;
  int64_t rows = 0;               ///< of the other
  std::vector<int64_t> added;     ///< rows whose path the other lacks
  std::vector<std::string> gone;  ///< paths of the other that this one lacks, and their labels
  std::vector<std::string> gone_labels;
  std::vector<int64_t> changed;    ///< rows whose features are others
  std::vector<double> changed_by;  ///< cosine distance of each of these
  std::vector<LabelCount> labels;  ///< in byte order
  std::optional<double> drift;     ///< Drift; not said of features of another kind
};

/// Compares them by path: as it is, or, where they have none in common, below the folder that all
/// paths of a table have in common. Features are others from a cosine distance of 1e-4 on: below
/// lies what processors differ by. Remarks on what is not compared. Errors of ReadReportRows, of
/// the other table.
arrow::Result<PageCompare> CompareTables(const ReportOptions& options, const ReportRows& rows,
                                         int threads, Remarks* remarks);

/// How far two sets of rows are from each other as a whole: the energy coefficient of inhomogeneity
/// (Székely and Rizzo, "Energy statistics", Journal of Statistical Planning and Inference, 2013) of
/// at most kDriftRows rows of each, evenly by label, of length 1: 0 where both are alike, 1 where
/// each is one point of its own.
double Drift(const ReportRows& one, const ReportRows& other, int threads);
inline constexpr int64_t kDriftRows = 1'000;

}  // namespace pomona
