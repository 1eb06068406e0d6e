#include "pomona/features/parquet_file.h"

#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>

#include <utility>

#include "pomona/base/work_memory.h"
#include "pomona/error_kind.h"
#include "pomona/features/made_of.h"
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
  // Checked where a writer wrote them, as ours does: half a row group may be all that is read.
  parquet::ReaderProperties pages(WorkMemory());
  pages.set_page_checksum_verification(true);
  ARROW_RETURN_NOT_OK(builder.Open(input, pages, metadata));
  return builder.memory_pool(WorkMemory())->properties(properties)->Build();
}

}  // namespace

Result<ParquetFile> ParquetFile::Open(std::shared_ptr<arrow::fs::FileSystem> filesystem,
                                      const arrow::fs::FileInfo& info) {
  ARROW_ASSIGN_OR_RAISE(auto opened, filesystem->OpenInputFile(info));
  const auto input = std::make_shared<WatchedFile>(std::move(opened));
  ParquetFile file;
  file.filesystem_ = std::move(filesystem);
  file.info_ = info;
  const auto read = [&]() -> Status {
    try {
      file.metadata_ = parquet::ReadMetaData(input);
      int64_t rows = 0;
      for (int group = 0; group < file.row_groups(); ++group) rows += file.rows(group);
      if (rows != file.metadata_->num_rows()) {
        return DamagedData("its row groups have ", rows, " rows, it says ",
                           file.metadata_->num_rows());
      }
      return parquet::arrow::FromParquetSchema(file.metadata_->schema(),
                                               parquet::default_arrow_reader_properties(),
                                               file.metadata_->key_value_metadata(), &file.schema_);
    } catch (const parquet::ParquetException& error) {
      return Status::IOError(error.what());
    }
  };
  const Status status = input->Judge(read());
  if (KindOf(status) == ErrorKind::kData) {
    return status.WithMessage(ShownUri(info.path()), " is no Parquet file: ", status.message());
  }
  ARROW_RETURN_NOT_OK(status);
  return file;
}

int ParquetFile::row_groups() const { return metadata_->num_row_groups(); }

int64_t ParquetFile::rows(int row_group) const {
  return metadata_->RowGroup(row_group)->num_rows();
}

std::string ParquetFile::spark_schema() const {
  const auto& metadata = metadata_->key_value_metadata();
  if (metadata == nullptr || !metadata->Contains(kSparkRowMetadataKey)) return "";
  return metadata->Get(kSparkRowMetadataKey).ValueOr("");
}

std::string ParquetFile::made_of() const {
  const auto& metadata = metadata_->key_value_metadata();
  return metadata == nullptr ? "" : MadeOf(*metadata);
}

Result<ParquetFile::RowGroupReader> ParquetFile::Read(int row_group,
                                                      const std::vector<int>& columns,
                                                      int64_t batch_rows) const {
  ARROW_ASSIGN_OR_RAISE(auto opened, filesystem_->OpenInputFile(info_));
  RowGroupReader reader;
  reader.input = std::make_shared<WatchedFile>(std::move(opened));
  const auto open = [&]() -> Status {
    try {
      ARROW_ASSIGN_OR_RAISE(reader.file, OpenReader(reader.input, metadata_, batch_rows));
      std::vector<int> leaves;
      const auto& fields = reader.file->manifest().schema_fields;
      if (columns.empty()) {
        for (const auto& field : fields) AppendLeaves(field, leaves);
      }
      for (const int column : columns) AppendLeaves(fields[static_cast<size_t>(column)], leaves);
      return reader.file->GetRecordBatchReader({row_group}, leaves).Value(&reader.batches);
    } catch (const parquet::ParquetException& error) {
      return Status::IOError(error.what());
    }
  };
  const Status status = reader.input->Judge(open());
  if (status.ok()) return reader;
  return status.WithMessage("cannot read ", ShownUri(path()), ": ", status.message());
}

}  // namespace pomona
