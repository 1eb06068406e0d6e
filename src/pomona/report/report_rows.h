#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/features/feature_matrix.h"
#include "pomona/report.h"
#include "pomona/split.h"

namespace pomona {

using Remarks = std::vector<PageReport::Remark>;

/// The rows of a table that have features, as all sections of a page see them. Vectors are [rows].
struct ReportRows {
  FeatureMatrix matrix;                 ///< of the last layer
  std::vector<std::string> labels;      ///< in byte order
  std::vector<int32_t> label;           ///< an index of `labels`; -1: none
  std::vector<std::string> splits;      ///< in the order in which they are shown; may be empty
  std::vector<int32_t> split;           ///< an index of `splits`; -1: none
  std::optional<SplitRows> split_file;  ///< where there is option `split`; its rows are these
  std::string fingerprint, made_of;

  int64_t rows() const { return matrix.rows; }
  FeatureView view() const;
  std::string_view path(int64_t row) const {
    if (matrix.path == nullptr || matrix.path->IsNull(row)) return {};
    return matrix.path->GetView(row);
  }

  /// Joins these names to `labels`. Returns of each of them its index there; those of `label`
  /// change with it.
  std::vector<int32_t> TakeLabels(const std::vector<std::string>& names);
};

/// Reads them. Rows whose features are none are left out. Remarks on what there is none of.
/// Invalid: a split that is not the table's. Errors of FeatureTable::Open, ReadFeatureMatrix,
/// ReadSplit and the label map.
arrow::Result<ReportRows> ReadReportRows(const ReportOptions& options, int threads,
                                         Remarks* remarks);

/// Reads the features themselves once more, where `matrix.values` was given back. DamagedData: the
/// table changed meanwhile.
arrow::Status ReadFeaturesAgain(const ReportOptions& options, int threads, ReportRows* rows);

/// OK where `status` is; where the table's own rows do not let a section be shown, a remark on that
/// and false. Any other error (storage, memory, Cancelled) is one.
arrow::Result<bool> Shows(const arrow::Status& status, const char* section, Remarks* remarks);

}  // namespace pomona
