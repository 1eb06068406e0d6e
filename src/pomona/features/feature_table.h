#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pomona/storage.h"

namespace pomona {

/// Rows of a table, and where they come from.
struct TableBatch {
  std::shared_ptr<arrow::RecordBatch> batch;
  std::string file;       ///< as messages name it
  int64_t first_row = 0;  ///< of the batch in the file
};

/// The rows of a table in their order. For one thread; destruction stops the reading.
class TableBatches {
 public:
  virtual ~TableBatches() = default;
  /// Nothing at the end.
  virtual arrow::Result<std::optional<TableBatch>> Next() = 0;
};

/// What every run over a stored table asks of its options: a URI that parses, a column that is
/// named, storage that can be. Invalid names the field.
arrow::Status CheckTableOptions(const std::string& uri, const std::string& column,
                                const StorageOptions& storage);

/// A table with a column of features that may be read more than once.
class FeatureTable {
 public:
  struct Options {
    std::string uri;
    std::string column;
    /// The option that names it, where it is not what a command is about.
    std::string option = {};
    bool csv = false;
    /// Read all of a table of Pomona's once more, before all else, to prove its bytes.
    bool prove = false;
    int threads = 1;
    StorageOptions storage;
  };
  /// Looks at the table: which files, which columns. IOError: there is none, or Invalid where an
  /// option names it. Invalid: no Parquet, no such column, a column that holds no features, a table that is being written. DamagedData: a
  /// table of Pomona's that is not as its manifest says.
  static arrow::Result<std::unique_ptr<FeatureTable>> Open(const Options& options);
  virtual ~FeatureTable() = default;

  /// What tells that it is still the same table: a hash of the names, sizes and times of its files.
  const std::string& fingerprint() const { return fingerprint_; }
  /// Columns of each batch where all are read.
  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }
  /// How the features were made, as MadeOf has it. Empty: not known.
  const std::string& made_of() const { return made_of_; }
  /// The first file's footer; may be null.
  const std::shared_ptr<const arrow::KeyValueMetadata>& footer() const { return footer_; }
  /// Spark's description of them, from the first file's footer; may be empty.
  const std::string& spark_schema() const { return spark_schema_; }

  /// These columns, each in schema(), in schema()'s order; none named: all.
  virtual arrow::Result<std::unique_ptr<TableBatches>> Read(
      const std::vector<std::string>& columns) = 0;

 protected:
  FeatureTable(std::shared_ptr<arrow::Schema> schema, std::string spark_schema, std::string made_of,
               std::shared_ptr<const arrow::KeyValueMetadata> footer = nullptr)
      : schema_(std::move(schema)),
        footer_(std::move(footer)),
        spark_schema_(std::move(spark_schema)),
        made_of_(std::move(made_of)) {}

 private:
  const std::shared_ptr<arrow::Schema> schema_;
  const std::shared_ptr<const arrow::KeyValueMetadata> footer_;
  const std::string spark_schema_;
  const std::string made_of_;
  std::string fingerprint_;
};

}  // namespace pomona
