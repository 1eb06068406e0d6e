#include "pomona/table/part_reader.h"

#include <arrow/compute/api_vector.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>

#include <algorithm>
#include <utility>

#include "pomona/error_kind.h"
#include "pomona/table/table_schema.h"
#include "pomona/table/watched_file.h"

namespace pomona {
namespace {

/// Of a column that some file of an output has; null if none has it.
std::shared_ptr<arrow::DataType> TypeOf(const std::string& column) {
  for (const auto& schema : {PartReferencesSchema(), RejectsSchema()}) {
    if (const auto field = schema->GetFieldByName(column)) return field->type();
  }
  return column == "path" ? arrow::utf8() : nullptr;
}

/// The columns of a file of this name.
std::vector<std::string> ColumnsOf(const std::string& file) {
  if (file.starts_with(kReferencesFolder)) return PartReferencesSchema()->field_names();
  if (file.starts_with(kRejectsFolder)) return RejectsSchema()->field_names();
  return TableSchema(FeatureFormat::kArray)->field_names();
}

/// Exactly: the readers of these columns look at their memory.
arrow::Status CheckType(const arrow::Field& field) {
  const auto wanted = TypeOf(field.name());
  if (wanted == nullptr && field.name() == "features") {
    for (const auto format : {FeatureFormat::kArray, FeatureFormat::kVector}) {
      if (field.type()->Equals(TableSchema(format)->field(2)->type())) return arrow::Status::OK();
    }
  } else if (wanted == nullptr || field.type()->Equals(wanted)) {
    return arrow::Status::OK();
  }
  return DamagedData("column ", field.name(), " is ", field.type()->ToString());
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> Read(const std::shared_ptr<WatchedFile>& input,
                                                        const FileRecord& file,
                                                        const std::vector<std::string>& columns) {
  ARROW_ASSIGN_OR_RAISE(auto reader, parquet::arrow::OpenFile(input, arrow::default_memory_pool()));
  const int64_t rows = reader->parquet_reader()->metadata()->num_rows();
  if (rows != file.rows) {
    return DamagedData("it has ", rows, " rows, the manifest says ", file.rows);
  }
  std::shared_ptr<arrow::Schema> schema;
  ARROW_RETURN_NOT_OK(reader->GetSchema(&schema));
  if (schema->field_names() != ColumnsOf(file.name)) {
    return DamagedData("its columns are ", schema->ToString());
  }
  for (const auto& field : schema->fields()) ARROW_RETURN_NOT_OK(CheckType(*field));
  std::vector<int> indices;
  for (const auto& column : columns) {
    indices.push_back(schema->GetFieldIndex(column));
    if (indices.back() < 0) return DamagedData("there is no column ", column);
  }
  std::shared_ptr<arrow::Table> table;
  if (columns.empty()) {
    ARROW_ASSIGN_OR_RAISE(table, reader->ReadTable());
  } else {
    ARROW_ASSIGN_OR_RAISE(table, reader->ReadTable(indices));
  }
  ARROW_ASSIGN_OR_RAISE(auto batch, table->CombineChunksToBatch());
  ARROW_RETURN_NOT_OK(batch->ValidateFull());
  if (batch->num_rows() != rows) {
    return DamagedData("it says that it has ", rows, " rows, and has ", batch->num_rows());
  }
  if (const auto uri = batch->GetColumnByName("uri"); uri != nullptr && uri->null_count() > 0) {
    return DamagedData("a uri is null");
  }
  return batch;
}

}  // namespace

arrow::Result<std::shared_ptr<arrow::RecordBatch>> ReadTableFile(
    const OutputStore& store, const FileRecord& file, const std::vector<std::string>& columns) {
  ARROW_ASSIGN_OR_RAISE(auto opened, store.Open(file.name));
  const auto input = std::make_shared<WatchedFile>(std::move(opened));
  auto batch = [&]() -> arrow::Result<std::shared_ptr<arrow::RecordBatch>> {
    try {
      return Read(input, file, columns);
    } catch (const parquet::ParquetException& error) {
      return arrow::Status::IOError(error.what());
    }
  }();
  if (batch.ok()) return batch;
  const arrow::Status status = input->Judge(batch.status());
  return status.WithMessage(
      "cannot read ", file.name, " of ", store.uri(), ": ", status.message(),
      KindOf(status) == ErrorKind::kData ? "\nhint: pomona verify tells what is damaged" : "");
}

arrow::Result<PartRecord> RewriteWithout(OutputStore& store, const PartRecord& part,
                                         const std::vector<int64_t>& dropped,
                                         PartWriter::Options options) {
  ARROW_ASSIGN_OR_RAISE(auto references, ReadTableFile(store, part.references));
  ARROW_ASSIGN_OR_RAISE(auto data, ReadTableFile(store, part.data));

  const auto rows_with_features = references->GetColumnByName("reject")->null_count();
  if (rows_with_features != data->num_rows()) {
    return DamagedData(part.data.name, " has ", data->num_rows(), " rows, its references want ",
                       rows_with_features, "\nhint: pomona verify tells what is damaged");
  }
  // Rows of the data file follow the references that are not rejects.
  const auto rejects = references->GetColumnByName("reject");
  arrow::Int64Builder kept_references;
  arrow::Int64Builder kept_rows;
  int64_t row = 0;
  for (int64_t i = 0; i < references->num_rows(); ++i) {
    const bool has_features = rejects->IsNull(i);
    if (!std::binary_search(dropped.begin(), dropped.end(), i)) {
      ARROW_RETURN_NOT_OK(kept_references.Append(i));
      ARROW_RETURN_NOT_OK(has_features ? kept_rows.Append(row) : kept_rows.AppendNull());
    }
    row += has_features ? 1 : 0;
  }
  ARROW_ASSIGN_OR_RAISE(auto reference_indices, kept_references.Finish());
  ARROW_ASSIGN_OR_RAISE(auto row_indices, kept_rows.Finish());
  ARROW_ASSIGN_OR_RAISE(auto taken, arrow::compute::Take(references, reference_indices));
  ARROW_ASSIGN_OR_RAISE(auto features,
                        arrow::compute::Take(*data->GetColumnByName("features"), *row_indices));
  const auto kept = taken.record_batch();
  ARROW_ASSIGN_OR_RAISE(auto batch,
                        kept->AddColumn(kept->num_columns(), "features", std::move(features)));

  options.id = {.index = part.id.index, .revision = part.id.revision + 1};
  options.generation = part.generation;
  ARROW_ASSIGN_OR_RAISE(auto writer, PartWriter::Open(store, std::move(options)));
  ARROW_RETURN_NOT_OK(writer->Append(*batch));
  return writer->Commit();
}

}  // namespace pomona
