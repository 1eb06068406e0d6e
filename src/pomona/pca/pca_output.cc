#include "pomona/pca/pca_output.h"

#include <arrow/util/key_value_metadata.h>

#include <algorithm>
#include <utility>

#include "pomona/base/sha256.h"
#include "pomona/base/uuid.h"
#include "pomona/table/layout.h"
#include "pomona/table/seal.h"
#include "pomona/table/table_schema.h"
#include "pomona/version.h"

namespace pomona {

using arrow::Result;
using arrow::Status;

PcaOutput::PcaOutput(std::shared_ptr<OutputStore> store, const PcaRunOptions& options,
                     std::string record)
    : store_(std::move(store)),
      output_(store_),
      rows_per_file_(options.rows_per_file),
      overwrite_(options.overwrite),
      record_(std::move(record)) {}

Result<std::unique_ptr<PcaOutput>> PcaOutput::Open(const PcaRunOptions& options,
                                                   std::string record) {
  ARROW_ASSIGN_OR_RAISE(const Uri place, Uri::Parse(options.output));
  ARROW_ASSIGN_OR_RAISE(const Uri features, Uri::Parse(options.features));
  ARROW_RETURN_NOT_OK(RefuseSourceAsOutput(place, features));
  ARROW_ASSIGN_OR_RAISE(auto store, OpenOutput(place, options.output, options.storage));
  std::unique_ptr<PcaOutput> output(new PcaOutput(std::move(store), options, std::move(record)));
  ARROW_RETURN_NOT_OK(output->RefuseTable());
  return output;
}

Status PcaOutput::RefuseTable() {
  if (overwrite_) return RefuseForeignFiles(*store_, /*tables_may_go=*/true);
  ARROW_ASSIGN_OR_RAISE(const auto manifest, Manifest::Load(*store_));
  // What a run of ours left that did not end, it had begun with the model.
  if (!manifest) {
    ARROW_ASSIGN_OR_RAISE(const bool finished, store_->Exists(kSuccessFile));
    if (finished) return HoldsTable(std::nullopt);
    ARROW_ASSIGN_OR_RAISE(const bool begun, store_->Exists(kPcaModelFile));
    return RefuseForeignFiles(*store_, /*tables_may_go=*/begun);
  }
  ARROW_ASSIGN_OR_RAISE(const auto seal, FindSeal(*store_, *manifest));
  if (seal == SealFound::kOfNewestState &&
      DifferingOptions(manifest->run().options, record_).empty()) {
    finished_ = manifest;
    return RefuseLostParts(*store_, *manifest);
  }
  if (seal != SealFound::kNone || manifest->run().files.empty()) return HoldsTable(*manifest);
  return RefuseForeignFiles(*store_, /*tables_may_go=*/true);
}

Status PcaOutput::HoldsTable(const std::optional<Manifest>& manifest) const {
  std::string differing;
  if (manifest) {
    for (const auto& line : DifferingOptions(manifest->run().options, record_)) {
      differing += "\n  " + line;
    }
  }
  return Status::Invalid("the output ", store_->uri(), " holds a table already",
                         differing.empty() ? "" : ", made with other options:" + differing,
                         "\nhint: option `overwrite` replaces it");
}

Status PcaOutput::Begin(const PcaModel& model, std::shared_ptr<arrow::Schema> schema,
                        const std::string& spark_schema) {
  ARROW_RETURN_NOT_OK(output_.Claim());
  // Another run may have written here since Open, and until it is kept out.
  ARROW_RETURN_NOT_OK(RefuseTable());
  if (finished_) return HoldsTable(std::nullopt);  // another run was quicker
  ARROW_ASSIGN_OR_RAISE(const auto bytes, model.ToBytes());
  const RunRecord run{.uuid = NewUuid(),
                      .version = kVersion,
                      .options = record_,
                      .files = {{.name = kPcaModelFile,
                                 .rows = model.k(),
                                 .bytes = bytes->size(),
                                 .sha256 = ToHex(Sha256Of(std::string_view(*bytes)))}}};
  ARROW_RETURN_NOT_OK(output_.Clear());
  ARROW_ASSIGN_OR_RAISE(manifest_, Manifest::New(*store_, run));
  ARROW_RETURN_NOT_OK(store_->Put(kPcaModelFile, std::string_view(*bytes)));
  ARROW_RETURN_NOT_OK(output_.Begin(*manifest_));
  schema_ = std::move(schema);
  auto metadata = arrow::key_value_metadata({"pomona.version"}, {kVersion});
  if (!spark_schema.empty()) {
    metadata->Append(kSparkRowMetadataKey, spark_schema);
  }
  metadata_ = std::move(metadata);
  return OpenPart();
}

PartId PcaOutput::NextPart() const {
  return {.index = static_cast<int64_t>(manifest_->parts().size()), .epoch = output_.epoch()};
}

Status PcaOutput::OpenPart() {
  ARROW_ASSIGN_OR_RAISE(
      part_, TableFile::Create(*store_, {.name = PartFileName(NextPart(), manifest_->run().uuid),
                                         .schema = schema_,
                                         .metadata = metadata_}));
  return Status::OK();
}

Status PcaOutput::EndPart() {
  PartRecord part{.id = NextPart(),
                  .generation = 0,
                  .data = {},
                  .references = std::nullopt,
                  .rejects = std::nullopt};
  ARROW_ASSIGN_OR_RAISE(part.data, part_->Commit());
  part_.reset();
  return output_.Commit(*manifest_, std::move(part));
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
  return manifest_->totals().parts;
}

Status PcaOutput::Finish(const std::string& report) { return output_.Finish(*manifest_, report); }

}  // namespace pomona
