#pragma once

#include <arrow/api.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pomona/extract.h"
#include "pomona/list.h"

namespace pomona {

/// Tests: one row of FeatureSchema(), or of ReferenceSchema() where the last three are unused.
struct TestRow {
  std::string uri;
  std::optional<std::string> label = "a label";
  int64_t size = 100;
  int64_t mtime_us = 1'700'000'000'000'000;
  std::optional<std::string> version = std::nullopt;
  std::vector<float> features = {1, 2};
  std::optional<std::string> reject = std::nullopt;  ///< then there are no features
  std::string message = "why";
};

inline arrow::Result<std::shared_ptr<arrow::RecordBatch>> BatchOfRows(
    const std::vector<TestRow>& rows) {
  arrow::StringBuilder uri, version, label, reject, message;
  arrow::Int64Builder size;
  arrow::TimestampBuilder mtime(arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"),
                                arrow::default_memory_pool());
  auto floats = std::make_shared<arrow::FloatBuilder>();
  arrow::ListBuilder features(arrow::default_memory_pool(), floats);
  const auto append = [](arrow::StringBuilder& builder, const std::optional<std::string>& text) {
    return text ? builder.Append(*text) : builder.AppendNull();
  };
  for (const auto& row : rows) {
    ARROW_RETURN_NOT_OK(uri.Append(row.uri));
    ARROW_RETURN_NOT_OK(size.Append(row.size));
    ARROW_RETURN_NOT_OK(mtime.Append(row.mtime_us));
    ARROW_RETURN_NOT_OK(append(version, row.version));
    ARROW_RETURN_NOT_OK(append(label, row.label));
    ARROW_RETURN_NOT_OK(append(reject, row.reject));
    if (row.reject) {
      ARROW_RETURN_NOT_OK(message.Append(row.message));
      ARROW_RETURN_NOT_OK(features.AppendNull());
    } else {
      ARROW_RETURN_NOT_OK(message.AppendNull());
      ARROW_RETURN_NOT_OK(features.Append());
      ARROW_RETURN_NOT_OK(floats->AppendValues(row.features));
    }
  }
  arrow::ArrayVector columns(8);
  ARROW_RETURN_NOT_OK(uri.Finish(&columns[0]));
  ARROW_RETURN_NOT_OK(size.Finish(&columns[1]));
  ARROW_RETURN_NOT_OK(mtime.Finish(&columns[2]));
  ARROW_RETURN_NOT_OK(version.Finish(&columns[3]));
  ARROW_RETURN_NOT_OK(label.Finish(&columns[4]));
  ARROW_RETURN_NOT_OK(features.Finish(&columns[5]));
  ARROW_RETURN_NOT_OK(reject.Finish(&columns[6]));
  ARROW_RETURN_NOT_OK(message.Finish(&columns[7]));
  return arrow::RecordBatch::Make(FeatureSchema(), static_cast<int64_t>(rows.size()),
                                  std::move(columns));
}

inline arrow::Result<std::shared_ptr<arrow::RecordBatch>> ReferenceBatch(
    const std::vector<TestRow>& rows) {
  ARROW_ASSIGN_OR_RAISE(auto batch, BatchOfRows(rows));
  return batch->SelectColumns({0, 1, 2, 3, 4});
}

/// The column as text, "null" where it is null.
inline std::vector<std::string> Texts(const arrow::RecordBatch& batch, const std::string& column) {
  const auto& values = static_cast<const arrow::StringArray&>(*batch.GetColumnByName(column));
  std::vector<std::string> texts;
  for (int64_t i = 0; i < values.length(); ++i) {
    texts.push_back(values.IsNull(i) ? "null" : values.GetString(i));
  }
  return texts;
}

}  // namespace pomona
