#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <parquet/arrow/reader.h>

#include <memory>
#include <string>
#include <vector>

#include "pomona/table/watched_file.h"

namespace pomona {

/// One Parquet file whose footer is known. Thread-safe.
class ParquetFile {
 public:
  /// Reads the footer. DamagedData: not Parquet.
  static arrow::Result<ParquetFile> Open(std::shared_ptr<arrow::fs::FileSystem> filesystem,
                                         const arrow::fs::FileInfo& info);

  const std::string& path() const { return info_.path(); }
  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }
  int row_groups() const { return metadata_->num_row_groups(); }
  int64_t rows(int row_group) const { return metadata_->RowGroup(row_group)->num_rows(); }
  /// Spark's own description of the columns; empty where there is none.
  std::string spark_schema() const;

  /// A reader of one row group with what it stands on.
  struct RowGroupReader {
    std::shared_ptr<WatchedFile> input;  ///< what an error of `batches` is judged by
    std::unique_ptr<parquet::arrow::FileReader> file;
    std::shared_ptr<arrow::RecordBatchReader> batches;
  };
  /// `column` -1: all columns. Batches have `batch_rows` rows at most.
  arrow::Result<RowGroupReader> Read(int row_group, int column, int64_t batch_rows) const;

 private:
  std::shared_ptr<arrow::fs::FileSystem> filesystem_;
  arrow::fs::FileInfo info_;
  std::shared_ptr<parquet::FileMetaData> metadata_;
  std::shared_ptr<arrow::Schema> schema_;
};

}  // namespace pomona
