#include "pomona/int8/photo_features.h"

#include <arrow/api.h>

#include <algorithm>

#include "pomona/base/clock.h"

namespace pomona {

arrow::Result<PhotoFeatures> FeaturesOfPhotos(Extractor& extractor,
                                              const arrow::RecordBatch& photos) {
  constexpr int64_t kRows = 64;
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  for (int64_t row = 0; row < photos.num_rows(); row += kRows) {
    batches.push_back(photos.Slice(row, kRows));
  }
  const auto start = Clock::now();
  ARROW_ASSIGN_OR_RAISE(auto references,
                        arrow::RecordBatchReader::Make(std::move(batches), photos.schema()));
  ARROW_ASSIGN_OR_RAISE(auto stream, extractor.Extract(std::move(references)));
  PhotoFeatures found;
  found.dim = extractor.feature_dim();
  found.rows.resize(static_cast<size_t>(photos.num_rows() * found.dim));
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(stream->ReadNext(&batch));
    if (batch == nullptr) break;
    const auto& lists = static_cast<const arrow::ListArray&>(*batch->GetColumnByName("features"));
    const auto& values = static_cast<const arrow::FloatArray&>(*lists.values());
    const auto& labels = static_cast<const arrow::StringArray&>(*batch->GetColumnByName("label"));
    for (int64_t row = 0; row < batch->num_rows(); ++row) {
      if (!lists.IsNull(row)) {
        std::copy_n(values.raw_values() + lists.value_offset(row), found.dim,
                    found.rows.begin() + static_cast<ptrdiff_t>(found.count() * found.dim));
      }
      found.decoded.push_back(!lists.IsNull(row));
      found.labels.push_back(labels.IsNull(row) ? "" : labels.GetString(row));
    }
  }
  found.seconds = SecondsSince(start);
  return found;
}

}  // namespace pomona
