#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <memory>
#include <string>
#include <vector>

#include "pomona/table/watched_file.h"

namespace parquet {
class FileMetaData;
namespace arrow {
class FileReader;
}
}  // namespace parquet

namespace pomona {

/// One Parquet file whose footer is known. Thread-safe.
class ParquetFile {
 public:
  /// Reads the footer. DamagedData: not Parquet.
  static arrow::Result<ParquetFile> Open(std::shared_ptr<arrow::fs::FileSystem> filesystem,
                                         const arrow::fs::FileInfo& info);

  const std::string& path() const { return info_.path(); }
  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }
  int row_groups() const;
  int64_t rows(int row_group) const;
  /// Spark's own description of the columns; empty where there is none.
  std::string spark_schema() const;

  /// What Pomona's footer says of how features were made: see FeatureTable::made_of.
  std::string made_of() const;

  /// A reader of one row group with what it stands on.
  struct RowGroupReader {
    std::shared_ptr<WatchedFile> input;  ///< what an error of `batches` is judged by
    std::shared_ptr<parquet::arrow::FileReader> file;
    std::shared_ptr<arrow::RecordBatchReader> batches;
  };
  /// `columns` by their places in schema(), ascending; none: all. Batches have `batch_rows` rows at
  /// most.
  arrow::Result<RowGroupReader> Read(int row_group, const std::vector<int>& columns,
                                     int64_t batch_rows) const;

 private:
  std::shared_ptr<arrow::fs::FileSystem> filesystem_;
  arrow::fs::FileInfo info_;
  std::shared_ptr<parquet::FileMetaData> metadata_;
  std::shared_ptr<arrow::Schema> schema_;
};

}  // namespace pomona
