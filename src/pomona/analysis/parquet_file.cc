#include "pomona/analysis/parquet_file.h"

#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/schema.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>

#include <utility>

#include "pomona/shown_text.h"
#include "pomona/table/table_schema.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Parquet's columns are the leaves of ours.
void AppendLeaves(const parquet::arrow::SchemaField& field, std::vector<int>& leaves) {
  if (field.is_leaf()) leaves.push_back(field.column_index);
  for (const auto& child : field.children) AppendLeaves(child, leaves);
}

Result<std::unique_ptr<parquet::arrow::FileReader>> OpenReader(
    const std::shared_ptr<arrow::io::RandomAccessFile>& input,
    const std::shared_ptr<parquet::FileMetaData>& metadata, int64_t batch_rows) {
  parquet::ArrowReaderProperties properties;
  properties.set_batch_size(batch_rows);
  properties.set_pre_buffer(true);
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(input, parquet::default_reader_properties(), metadata));
  return builder.properties(properties)->Build();
}

}  // namespace

Result<ParquetFile> ParquetFile::Open(std::shared_ptr<arrow::fs::FileSystem> filesystem,
                                      const arrow::fs::FileInfo& info) try {
  ParquetFile file;
  file.filesystem_ = std::move(filesystem);
  file.info_ = info;
  ARROW_ASSIGN_OR_RAISE(auto input, file.filesystem_->OpenInputFile(info));
  file.metadata_ = parquet::ReadMetaData(input);
  ARROW_RETURN_NOT_OK(parquet::arrow::FromParquetSchema(
      file.metadata_->schema(), parquet::default_arrow_reader_properties(),
      file.metadata_->key_value_metadata(), &file.schema_));
  return file;
} catch (const parquet::ParquetException& error) {
  return Status::Invalid(ShownUri(info.path()), " is no Parquet file: ", error.what());
}

std::string ParquetFile::spark_schema() const {
  const auto& metadata = metadata_->key_value_metadata();
  if (metadata == nullptr || !metadata->Contains(kSparkRowMetadataKey)) return "";
  return metadata->Get(kSparkRowMetadataKey).ValueOr("");
}

Result<ParquetFile::RowGroupReader> ParquetFile::Read(int row_group, int column,
                                                      int64_t batch_rows) const try {
  ARROW_ASSIGN_OR_RAISE(auto input, filesystem_->OpenInputFile(info_));
  RowGroupReader reader;
  ARROW_ASSIGN_OR_RAISE(reader.file, OpenReader(input, metadata_, batch_rows));
  std::vector<int> leaves;
  const auto& fields = reader.file->manifest().schema_fields;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (column < 0 || i == static_cast<size_t>(column)) AppendLeaves(fields[i], leaves);
  }
  ARROW_ASSIGN_OR_RAISE(reader.batches, reader.file->GetRecordBatchReader({row_group}, leaves));
  return reader;
} catch (const parquet::ParquetException& error) {
  return Status::IOError("cannot read ", ShownUri(path()), ": ", error.what());
}

}  // namespace pomona
