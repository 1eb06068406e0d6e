#pragma once

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <string>

#include "pomona/table/hashing_stream.h"
#include "pomona/table/manifest.h"
#include "pomona/table/output_store.h"

namespace parquet::arrow {
class FileWriter;
}

namespace pomona {

/// One Parquet file of an output while it is written: Snappy, hashed on the way,
/// verified before it becomes visible. For one thread; destruction without Commit
/// leaves nothing.
class TableFile {
 public:
  struct Options {
    std::string name;  ///< relative to the store
    std::shared_ptr<arrow::Schema> schema;
    std::shared_ptr<const arrow::KeyValueMetadata> metadata;  ///< of the footer; may be null
    int64_t row_group_rows = 8192;
    /// A row group ends before it would have more bytes in memory, which it takes until it is full.
    int64_t row_group_bytes = int64_t{64} << 20;
  };
  static arrow::Result<std::unique_ptr<TableFile>> Create(OutputStore& store, Options options);
  ~TableFile();

  arrow::Status Append(const arrow::RecordBatch& batch);
  int64_t rows() const { return rows_; }

  /// Closes, reopens, compares the checksum and the row count, publishes.
  arrow::Result<FileRecord> Commit();

 private:
  TableFile(Options options, std::unique_ptr<StagedFile> staged);
  arrow::Status OpenWriter();
  arrow::Status Verify(const FileRecord& record);

  const Options options_;
  const std::unique_ptr<StagedFile> staged_;
  const std::shared_ptr<HashingStream> stream_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
  int64_t rows_ = 0;
  int64_t group_bytes_ = 0;  ///< of the row group that is open, at least
};

}  // namespace pomona
