#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pomona/feature_format.h"
#include "pomona/predict/answered_rows.h"
#include "pomona/table/part_rows.h"

namespace pomona {

/// What a part holds of answered images: path, label, the features where they are kept, answers.
class AnsweredImages : public PartRows {
 public:
  /// `kept`: as what features are kept; nothing: not at all.
  AnsweredImages(std::vector<Classifier> classifiers, std::optional<FeatureFormat> kept);

  const std::shared_ptr<arrow::Schema>& schema() const override { return schema_; }

  /// DamagedData: an image's features are not finite.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Make(
      const std::shared_ptr<arrow::RecordBatch>& rows) override;

  /// "single": sets of one label. "unknown". Of several targets, of each: "single_TARGET".
  std::map<std::string, int64_t> counts() const override;

 private:
  const std::shared_ptr<PartRows> features_ = FeaturesThemselves();
  AnsweredRows answers_;
  std::shared_ptr<PartRows> kept_;  ///< null: features are not kept
  std::shared_ptr<arrow::Schema> schema_;
  int64_t made_ = 0;
};

}  // namespace pomona
