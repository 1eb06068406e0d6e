#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "pomona/pca_run.h"
#include "pomona/table/output_store.h"
#include "pomona/table/table_file.h"
#include "pomona/table/table_output.h"

namespace pomona {

/// The output of `pomona pca` while it is written: a table like any other, of parts that have no
/// references, and of the model. Until Finish has put `_SUCCESS`, nobody takes it for one; whatever
/// is left of a run that was killed, the next one removes. For one thread.
class PcaOutput {
 public:
  /// Changes nothing yet. `record`: what decides the rows, as RunRecord has it. Invalid: the output
  /// holds a finished table that something else decided and `overwrite` is off, or files that are
  /// no table's.
  static arrow::Result<std::unique_ptr<PcaOutput>> Open(const PcaRunOptions& options,
                                                        std::string record);
  /// The finished table that a run of the same options made, if that is there and is to stay.
  const std::optional<Manifest>& finished() const { return finished_; }

  /// Claims the output, removes what was there, puts the model. `spark_schema`: of `schema`;
  /// may be empty.
  arrow::Status Begin(const PcaModel& model, std::shared_ptr<arrow::Schema> schema,
                      const std::string& spark_schema);
  /// Whether anything of what was there may be gone.
  bool changed() const { return output_.changed(); }
  arrow::Status Append(const arrow::RecordBatch& batch);
  /// Ends the last file. Files so far.
  arrow::Result<int64_t> EndRows();
  /// Puts the report, then `_SUCCESS`.
  arrow::Status Finish(const std::string& report);

 private:
  PcaOutput(std::shared_ptr<OutputStore> store, const PcaRunOptions& options, std::string record);
  arrow::Status RefuseTable();
  arrow::Status HoldsTable(const std::optional<Manifest>& manifest) const;
  PartId NextPart() const;
  arrow::Status OpenPart();
  arrow::Status EndPart();

  const std::shared_ptr<OutputStore> store_;
  TableOutput output_;
  const int64_t rows_per_file_;
  const bool overwrite_;
  const std::string record_;
  std::optional<Manifest> finished_;
  std::optional<Manifest> manifest_;
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<const arrow::KeyValueMetadata> metadata_;
  std::unique_ptr<TableFile> part_;
};

}  // namespace pomona
