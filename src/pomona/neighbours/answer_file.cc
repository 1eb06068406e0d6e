#include "pomona/neighbours/answer_file.h"

#include <arrow/io/memory.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "pomona/base/work_memory.h"

namespace pomona {

using arrow::Status;

arrow::Result<AnswerFile> AnswerFile::At(const std::string& uri, bool overwrite,
                                         const StorageOptions& storage) {
  if (uri.empty()) return AnswerFile(std::nullopt);
  ARROW_ASSIGN_OR_RAISE(auto file, WholeFile::At(uri, storage));
  ARROW_RETURN_NOT_OK(file.CheckCanPut(overwrite));
  return AnswerFile(std::move(file));
}

Status AnswerFile::PutTable(const std::shared_ptr<arrow::Schema>& schema,
                            const std::vector<std::shared_ptr<arrow::RecordBatch>>& batches,
                            const std::string& name, const std::string& record) const {
  if (!file_) return Status::OK();
  const auto properties =
      parquet::WriterProperties::Builder().compression(parquet::Compression::SNAPPY)->build();
  ARROW_ASSIGN_OR_RAISE(const auto stream,
                        arrow::io::BufferOutputStream::Create(1 << 20, WorkMemory()));
  ARROW_ASSIGN_OR_RAISE(
      auto writer, parquet::arrow::FileWriter::Open(*schema, WorkMemory(), stream, properties));
  for (const auto& batch : batches) {
    ARROW_RETURN_NOT_OK(writer->NewBufferedRowGroup());
    ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*batch));
  }
  ARROW_RETURN_NOT_OK(
      writer->AddKeyValueMetadata(arrow::key_value_metadata({"pomona." + name}, {record})));
  ARROW_RETURN_NOT_OK(writer->Close());
  ARROW_ASSIGN_OR_RAISE(const auto bytes, stream->Finish());
  return file_->Put(std::string_view(*bytes));
}

Status AnswerFile::PutText(const std::string& text) const {
  return file_ ? file_->Put(text) : Status::OK();
}

}  // namespace pomona
