#include "pomona/table/table_file.h"

#include <arrow/record_batch.h>
#include <arrow/util/byte_size.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include <utility>

#include "pomona/version.h"

namespace pomona {
namespace {

std::shared_ptr<parquet::WriterProperties> WriterProperties(int64_t row_group_rows) {
  // Paths are all different and features are noise: a dictionary of them costs time and
  // memory and saves nothing. Labels repeat.
  return parquet::WriterProperties::Builder()
      .compression(parquet::Compression::SNAPPY)
      ->disable_dictionary()
      ->enable_dictionary("label")
      ->enable_dictionary("views.list.element.view")
      ->disable_statistics("features.list.element")
      ->disable_statistics("views.list.element.features.list.element")
      ->max_row_group_length(row_group_rows)
      ->enable_page_checksum()
      ->created_by(std::string("pomona version ") + kVersion)
      ->build();
}

}  // namespace

arrow::Result<std::unique_ptr<TableFile>> TableFile::Create(OutputStore& store, Options options) {
  ARROW_ASSIGN_OR_RAISE(auto staged, store.Create(options.name));
  std::unique_ptr<TableFile> file(new TableFile(std::move(options), std::move(staged)));
  ARROW_RETURN_NOT_OK(file->OpenWriter());
  return file;
}

TableFile::TableFile(Options options, std::unique_ptr<StagedFile> staged)
    : options_(std::move(options)),
      staged_(std::move(staged)),
      stream_(std::make_shared<HashingStream>(staged_->stream())) {}

TableFile::~TableFile() = default;

arrow::Status TableFile::OpenWriter() {
  ARROW_ASSIGN_OR_RAISE(writer_, parquet::arrow::FileWriter::Open(
                                     *options_.schema, arrow::default_memory_pool(), stream_,
                                     WriterProperties(options_.row_group_rows)));
  return options_.metadata ? writer_->AddKeyValueMetadata(options_.metadata) : arrow::Status::OK();
}

arrow::Status TableFile::Append(const arrow::RecordBatch& batch) {
  const int64_t bytes = arrow::util::TotalBufferSize(batch);
  if (group_bytes_ > 0 && group_bytes_ + bytes > options_.row_group_bytes) {
    ARROW_RETURN_NOT_OK(writer_->NewBufferedRowGroup());
    group_bytes_ = 0;
  }
  group_bytes_ += bytes;
  rows_ += batch.num_rows();
  return writer_->WriteRecordBatch(batch);
}

arrow::Result<FileRecord> TableFile::Commit() {
  ARROW_RETURN_NOT_OK(writer_->Close());
  FileRecord record{.name = options_.name,
                    .rows = rows_,
                    .bytes = stream_->bytes(),
                    .sha256 = stream_->FinishSha256()};
  ARROW_RETURN_NOT_OK(Verify(record));
  ARROW_RETURN_NOT_OK(staged_->Commit());
  return record;
}

arrow::Status TableFile::Verify(const FileRecord& record) try {
  ARROW_ASSIGN_OR_RAISE(auto input, staged_->Reopen());
  if (input == nullptr) return arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(auto sha256, Sha256Of(*input));
  const auto reader = parquet::ParquetFileReader::Open(input);
  if (sha256 == record.sha256 && reader->metadata()->num_rows() == record.rows) {
    return arrow::Status::OK();
  }
  return arrow::Status::IOError("what was written to ", record.name,
                                " is not what was read back: the disk is failing");
} catch (const parquet::ParquetException& error) {
  return arrow::Status::IOError("cannot read back ", record.name, ": ", error.what());
}

}  // namespace pomona
