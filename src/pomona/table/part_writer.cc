#include "pomona/table/part_writer.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/compute/api_vector.h>
#include <arrow/datum.h>
#include <arrow/record_batch.h>
#include <arrow/util/key_value_metadata.h>

#include <utility>

namespace pomona {
namespace {

// Parquet holds a row group in memory until it is full. 10 MB of 1,280 features: long enough
// for a reader, and a run's memory does not depend on the rows of a part.
constexpr int64_t kDataRowGroupRows = 2048;

std::shared_ptr<arrow::Field> Text(const char* name) { return arrow::field(name, arrow::utf8()); }

/// The rows of `batch` where `column` is null, or is not.
arrow::Result<std::shared_ptr<arrow::RecordBatch>> RowsWhereNull(const arrow::RecordBatch& batch,
                                                                 const std::string& column,
                                                                 bool null) {
  const auto values = batch.GetColumnByName(column);
  arrow::BooleanBuilder keep;
  ARROW_RETURN_NOT_OK(keep.Reserve(batch.num_rows()));
  for (int64_t row = 0; row < batch.num_rows(); ++row) {
    keep.UnsafeAppend(values->IsNull(row) == null);
  }
  ARROW_ASSIGN_OR_RAISE(auto mask, keep.Finish());
  ARROW_ASSIGN_OR_RAISE(
      auto kept,
      arrow::compute::Filter(
          arrow::RecordBatch::Make(batch.schema(), batch.num_rows(), batch.columns()), mask));
  return kept.record_batch();
}

}  // namespace

std::shared_ptr<arrow::Schema> PartReferencesSchema() {
  return arrow::schema({
      Text("uri"),
      arrow::field("size", arrow::int64()),
      arrow::field("mtime", arrow::timestamp(arrow::TimeUnit::MICRO, "UTC")),
      Text("version"),
      Text("label"),
      Text("reject"),
      Text("message"),
  });
}

std::shared_ptr<arrow::Schema> RejectsSchema() {
  return arrow::schema({Text("uri"), Text("label"), Text("reason"), Text("message"),
                        arrow::field("size", arrow::int64())});
}

arrow::Result<std::unique_ptr<PartWriter>> PartWriter::Open(OutputStore& store, Options options) {
  std::unique_ptr<PartWriter> writer(new PartWriter(store, std::move(options)));
  const Options& o = writer->options_;
  ARROW_ASSIGN_OR_RAISE(writer->references_,
                        TableFile::Create(store, {.name = ReferencesFileName(o.id),
                                                  .schema = PartReferencesSchema(),
                                                  .metadata = nullptr}));
  ARROW_ASSIGN_OR_RAISE(writer->data_,
                        TableFile::Create(store, {.name = PartFileName(o.id, o.uuid),
                                                  .schema = o.rows->schema(),
                                                  .metadata = o.metadata,
                                                  .row_group_rows = kDataRowGroupRows}));
  return writer;
}

arrow::Status PartWriter::Append(const arrow::RecordBatch& batch) {
  const auto references = PartReferencesSchema();
  arrow::ArrayVector columns;
  for (const auto& field : references->fields()) {
    columns.push_back(batch.GetColumnByName(field->name()));
  }
  ARROW_RETURN_NOT_OK(references_->Append(
      *arrow::RecordBatch::Make(references, batch.num_rows(), std::move(columns))));

  auto rows = arrow::RecordBatch::Make(batch.schema(), batch.num_rows(), batch.columns());
  if (batch.GetColumnByName("reject")->null_count() != batch.num_rows()) {
    ARROW_RETURN_NOT_OK(AppendRejects(batch));
    ARROW_ASSIGN_OR_RAISE(rows, RowsWhereNull(batch, "reject", true));
  }
  ARROW_ASSIGN_OR_RAISE(rows, options_.rows->Make(rows));
  return data_->Append(*rows);
}

arrow::Status PartWriter::AppendRejects(const arrow::RecordBatch& batch) {
  if (rejects_ == nullptr) {
    ARROW_ASSIGN_OR_RAISE(rejects_, TableFile::Create(store_, {.name = RejectsFileName(options_.id),
                                                               .schema = RejectsSchema(),
                                                               .metadata = nullptr}));
  }
  ARROW_ASSIGN_OR_RAISE(auto rows, RowsWhereNull(batch, "reject", false));
  return rejects_->Append(*arrow::RecordBatch::Make(
      RejectsSchema(), rows->num_rows(),
      arrow::ArrayVector{rows->GetColumnByName("uri"), rows->GetColumnByName("label"),
                         rows->GetColumnByName("reject"), rows->GetColumnByName("message"),
                         rows->GetColumnByName("size")}));
}

arrow::Result<PartRecord> PartWriter::Commit() {
  PartRecord record{.id = options_.id,
                    .generation = options_.generation,
                    .data = {},
                    .references = {},
                    .rejects = std::nullopt};
  ARROW_ASSIGN_OR_RAISE(record.references, references_->Commit());
  if (rejects_ != nullptr) {
    ARROW_ASSIGN_OR_RAISE(record.rejects, rejects_->Commit());
  }
  ARROW_ASSIGN_OR_RAISE(record.data, data_->Commit());
  return record;
}

}  // namespace pomona
