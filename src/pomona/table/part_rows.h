#pragma once

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "pomona/feature_format.h"

namespace pomona {

/// What a part holds of the features that were computed for it: they themselves, or what was made
/// of them. For one thread.
class PartRows {
 public:
  virtual ~PartRows() = default;

  /// Columns of the part; the first two are path and label.
  virtual const std::shared_ptr<arrow::Schema>& schema() const = 0;

  /// `rows`: columns uri, label, features, and others, of images that have features. As many rows
  /// of schema(), in their order.
  virtual arrow::Result<std::shared_ptr<arrow::RecordBatch>> Make(
      const std::shared_ptr<arrow::RecordBatch>& rows) = 0;

  /// What was counted of all rows made so far, by name; may be empty.
  virtual std::map<std::string, int64_t> counts() const { return {}; }
};

/// Rows of `schema` by the names of its columns, `path` of what is `uri` before. Lists of features
/// become vectors where `schema` has such. DamagedData: a column is missing, or of another type.
std::shared_ptr<PartRows> RowsByName(std::shared_ptr<arrow::Schema> schema);

/// The features themselves: TableSchema(format, views).
std::shared_ptr<PartRows> FeaturesThemselves(FeatureFormat format = FeatureFormat::kArray,
                                             bool views = false);

}  // namespace pomona
