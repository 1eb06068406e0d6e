#include "pomona/pca/pca_output.h"

#include <algorithm>
#include <utility>

#include "pomona/base/uuid.h"
#include "pomona/table/layout.h"
#include "pomona/table/table_schema.h"
#include "pomona/version.h"

namespace pomona {

using arrow::Result;
using arrow::Status;

PcaOutput::PcaOutput(std::shared_ptr<OutputStore> store, const PcaRunOptions& options)
    : store_(std::move(store)),
      output_(store_),
      rows_per_file_(options.rows_per_file),
      overwrite_(options.overwrite),
      uuid_(NewUuid()) {}

Result<std::unique_ptr<PcaOutput>> PcaOutput::Open(const PcaRunOptions& options) {
  ARROW_RETURN_NOT_OK(RefuseSourceAsOutput(options.output, {options.features}));
  ARROW_ASSIGN_OR_RAISE(auto store, OpenOutput(options.output, options.storage));
  std::unique_ptr<PcaOutput> output(new PcaOutput(std::move(store), options));
  ARROW_RETURN_NOT_OK(output->RefuseTable());
  return output;
}

Status PcaOutput::RefuseTable() const {
  if (overwrite_) return RefuseForeignFiles(*store_, /*tables_may_go=*/true);
  ARROW_ASSIGN_OR_RAISE(const bool finished, store_->Exists(kSuccessFile));
  ARROW_ASSIGN_OR_RAISE(const bool extracted, store_->Exists(kRunFile));
  if (finished || extracted) {
    return Status::Invalid("the output ", store_->uri(), " holds a table already",
                           "\nhint: option `overwrite` replaces it");
  }
  // Parts without _SUCCESS beside a model are what is left of a run that did not end.
  ARROW_ASSIGN_OR_RAISE(const bool begun, store_->Exists(kPcaModelFile));
  return RefuseForeignFiles(*store_, /*tables_may_go=*/begun);
}

Status PcaOutput::Begin(const PcaModel& model, std::shared_ptr<arrow::Schema> schema,
                        const std::string& spark_schema) {
  ARROW_RETURN_NOT_OK(output_.Claim());
  // Another run may have written here since Open.
  ARROW_RETURN_NOT_OK(RefuseTable());
  ARROW_ASSIGN_OR_RAISE(const auto bytes, model.ToBytes());
  ARROW_RETURN_NOT_OK(output_.Clear());
  ARROW_RETURN_NOT_OK(output_.ClearStaging());
  ARROW_RETURN_NOT_OK(store_->Put(kPcaModelFile, std::string_view(*bytes)));
  schema_ = std::move(schema);
  auto metadata = arrow::key_value_metadata({"pomona.version"}, {kVersion});
  if (!spark_schema.empty()) {
    metadata->Append(kSparkRowMetadataKey, spark_schema);
  }
  metadata_ = std::move(metadata);
  return OpenPart();
}

Status PcaOutput::OpenPart() {
  ARROW_ASSIGN_OR_RAISE(
      part_,
      TableFile::Create(*store_, {.name = PartFileName({.index = parts_, .revision = 0}, uuid_),
                                  .schema = schema_,
                                  .metadata = metadata_}));
  return Status::OK();
}

Status PcaOutput::EndPart() {
  ARROW_RETURN_NOT_OK(output_.CheckClaim());
  ARROW_RETURN_NOT_OK(part_->Commit().status());
  part_.reset();
  ++parts_;
  return Status::OK();
}

Status PcaOutput::Append(const arrow::RecordBatch& batch) {
  for (int64_t done = 0; done < batch.num_rows();) {
    if (part_ == nullptr) ARROW_RETURN_NOT_OK(OpenPart());
    const int64_t rows = std::min(batch.num_rows() - done, rows_per_file_ - part_->rows());
    ARROW_RETURN_NOT_OK(part_->Append(*batch.Slice(done, rows)));
    done += rows;
    if (part_->rows() == rows_per_file_) ARROW_RETURN_NOT_OK(EndPart());
  }
  return Status::OK();
}

Result<int64_t> PcaOutput::EndRows() {
  if (part_ != nullptr) ARROW_RETURN_NOT_OK(EndPart());
  return parts_;
}

Status PcaOutput::Finish(const std::string& report) { return output_.Finish(report); }

}  // namespace pomona
