#include "pomona/neighbours/photo_queries.h"

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>

#include <memory>
#include <optional>
#include <utility>

#include "pomona/error_kind.h"
#include "pomona/extract.h"
#include "pomona/features/made_here.h"
#include "pomona/features/made_of.h"
#include "pomona/list.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Nothing is known of them but their names.
Result<std::shared_ptr<arrow::RecordBatch>> References(const std::vector<std::string>& paths) {
  arrow::StringBuilder uris;
  ARROW_RETURN_NOT_OK(uris.AppendValues(paths));
  const auto schema = ReferenceSchema();
  std::vector<std::shared_ptr<arrow::Array>> columns(1);
  ARROW_RETURN_NOT_OK(uris.Finish(&columns[0]));
  for (int c = 1; c < schema->num_fields(); ++c) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(),
                          arrow::MakeArrayOfNull(schema->field(c)->type(), columns[0]->length()));
  }
  const auto count = static_cast<int64_t>(paths.size());
  return arrow::RecordBatch::Make(schema, count, std::move(columns));
}

Status TakeFeatures(const arrow::RecordBatch& batch, PhotoQueries* queries) {
  const auto& lists = static_cast<const arrow::ListArray&>(*batch.GetColumnByName("features"));
  const auto& values = static_cast<const arrow::FloatArray&>(*lists.values());
  const auto text = [&](const char* column, int64_t row) {
    return static_cast<const arrow::StringArray&>(*batch.GetColumnByName(column)).GetString(row);
  };
  for (int64_t row = 0; row < batch.num_rows(); ++row) {
    if (lists.IsNull(row)) {
      const std::string reject = text("reject", row);
      const std::string why = ShownUri(text("uri", row)) + " gives no features: " + reject + ": " +
                              ShownText(text("message", row));
      const bool unread = reject == "not_found" || reject == "forbidden" || reject == "unavailable";
      return unread ? Status::IOError(why) : DamagedData(why);
    }
    const float* first = values.raw_values() + lists.value_offset(row);
    queries->features.insert(queries->features.end(), first, first + queries->dim);
  }
  return Status::OK();
}

}  // namespace

Result<PhotoQueries> ExtractPhotos(const std::vector<std::string>& photos,
                                   const std::string& made_of, const std::string& model,
                                   int threads, const StorageOptions& storage,
                                   const arrow::StopToken& stop) {
  if (made_of.empty()) {
    return Status::Invalid("the table does not say which network its features are of",
                           "\nhint: make features of the photos as the table's were made, and name "
                           "them with option `of`");
  }
  PhotoQueries queries;
  for (const std::string& photo : photos) {
    ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(photo));
    queries.paths.push_back(uri.ToString());
  }
  ARROW_ASSIGN_OR_RAISE(ExtractOptions options, ExtractOptionsOf(made_of, model));
  options.threads = threads;
  options.storage = storage;
  options.stop = stop;
  ARROW_ASSIGN_OR_RAISE(const auto extractor, Extractor::Load(options));
  const std::string differing = DifferingFromHere(made_of, *extractor);
  if (!differing.empty()) {
    return Status::Invalid("the table's features are of another kind than the photos' would be: ",
                           differing, "\nhint: option `model` names the network of the table");
  }
  queries.dim = extractor->feature_dim();
  ARROW_ASSIGN_OR_RAISE(const auto batch, References(queries.paths));
  ARROW_ASSIGN_OR_RAISE(auto references, arrow::RecordBatchReader::Make({batch}, batch->schema()));
  ARROW_ASSIGN_OR_RAISE(const auto stream, extractor->Extract(std::move(references)));
  while (true) {
    std::shared_ptr<arrow::RecordBatch> rows;
    ARROW_RETURN_NOT_OK(stream->ReadNext(&rows));
    if (rows == nullptr) return queries;
    ARROW_RETURN_NOT_OK(TakeFeatures(*rows, &queries));
  }
}

}  // namespace pomona
