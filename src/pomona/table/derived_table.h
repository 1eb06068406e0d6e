#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pomona/storage.h"
#include "pomona/table/output_store.h"
#include "pomona/table/table_file.h"
#include "pomona/table/table_output.h"

namespace pomona {

/// A table that is made of another one, and maybe of a model, while it is written: a table like any
/// other, of parts that have no references. Until Finish has put `_SUCCESS`, nobody takes it for
/// one; whatever is left of a run that was killed, the next one removes. For one thread.
class DerivedTable {
 public:
  struct Options {
    std::string source;  ///< the table that it is made of, a path or URI
    std::string output;
    std::string model_file;  ///< name in the output, kPcaModelFile or kClassifierFile; empty: none
    int64_t rows_per_file = 65'536;
    bool overwrite = false;
    StorageOptions storage;
    std::string record;  ///< what decides the rows, as RunRecord has it
  };

  /// Changes nothing yet. Invalid: the output is the source or lies in it, holds a finished table
  /// that something else decided and `overwrite` is off, or files that are no table's.
  static arrow::Result<std::unique_ptr<DerivedTable>> Open(Options options);
  /// The finished table that a run of the same options made, if that is there and is to stay.
  const std::optional<Manifest>& finished() const { return finished_; }

  /// Claims the output, removes what was there, puts the model, if any: `model_rows` rows of
  /// Parquet. Rows will have `schema`, their files `metadata` beside the version.
  arrow::Status Begin(std::string_view model, int64_t model_rows,
                      std::shared_ptr<arrow::Schema> schema,
                      const std::shared_ptr<const arrow::KeyValueMetadata>& metadata);
  /// Whether anything of what was there may be gone.
  bool changed() const { return output_.changed(); }
  arrow::Status Append(const arrow::RecordBatch& batch);
  /// Ends the last file. Files so far.
  arrow::Result<int64_t> EndRows();
  /// Puts the report, then `_SUCCESS`.
  arrow::Status Finish(const std::string& report);

 private:
  DerivedTable(std::shared_ptr<OutputStore> store, Options options);
  arrow::Status RefuseTable();
  arrow::Status HoldsTable(const std::optional<Manifest>& manifest) const;
  PartId NextPart() const;
  arrow::Status OpenPart();
  arrow::Status EndPart();

  const std::shared_ptr<OutputStore> store_;
  TableOutput output_;
  const Options options_;
  std::optional<Manifest> finished_;
  std::optional<Manifest> manifest_;
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<const arrow::KeyValueMetadata> metadata_;
  std::unique_ptr<TableFile> part_;
};

}  // namespace pomona
