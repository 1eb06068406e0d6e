#include "pomona/table/derived_table.h"

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

DerivedTable::DerivedTable(std::shared_ptr<OutputStore> store, Options options)
    : store_(std::move(store)), output_(store_), options_(std::move(options)) {}

Result<std::unique_ptr<DerivedTable>> DerivedTable::Open(Options options) {
  ARROW_ASSIGN_OR_RAISE(const Uri place, Uri::Parse(options.output));
  ARROW_ASSIGN_OR_RAISE(const Uri source, Uri::Parse(options.source));
  ARROW_RETURN_NOT_OK(RefuseSourceAsOutput(place, source));
  ARROW_ASSIGN_OR_RAISE(auto store, OpenOutput(place, options.output, options.storage));
  std::unique_ptr<DerivedTable> output(new DerivedTable(std::move(store), std::move(options)));
  ARROW_RETURN_NOT_OK(output->RefuseTable());
  return output;
}

Status DerivedTable::RefuseTable() {
  if (options_.overwrite) return RefuseForeignFiles(*store_, /*tables_may_go=*/true);
  ARROW_ASSIGN_OR_RAISE(const auto manifest, Manifest::Load(*store_));
  // What a run of ours left that did not end, it had begun with the model.
  if (!manifest) {
    ARROW_ASSIGN_OR_RAISE(const bool finished, store_->Exists(kSuccessFile));
    if (finished) return HoldsTable(std::nullopt);
    bool begun = false;
    if (!options_.model_file.empty()) {
      ARROW_ASSIGN_OR_RAISE(begun, store_->Exists(options_.model_file));
    }
    return RefuseForeignFiles(*store_, /*tables_may_go=*/begun);
  }
  ARROW_ASSIGN_OR_RAISE(const auto seal, FindSeal(*store_, *manifest));
  if (seal == SealFound::kOfNewestState &&
      DifferingOptions(manifest->run().options, options_.record).empty()) {
    finished_ = manifest;
    return RefuseLostParts(*store_, *manifest);
  }
  if (seal != SealFound::kNone || !manifest->run().is_derived()) return HoldsTable(*manifest);
  return RefuseForeignFiles(*store_, /*tables_may_go=*/true);
}

Status DerivedTable::HoldsTable(const std::optional<Manifest>& manifest) const {
  std::string differing;
  if (manifest) {
    for (const auto& line : DifferingOptions(manifest->run().options, options_.record)) {
      differing += "\n  " + line;
    }
  }
  return Status::Invalid("the output ", store_->uri(), " holds a table already",
                         differing.empty() ? "" : ", made with other options:" + differing,
                         "\nhint: option `overwrite` replaces it");
}

Status DerivedTable::Begin(std::string_view model, int64_t model_rows,
                           std::shared_ptr<arrow::Schema> schema,
                           const std::shared_ptr<const arrow::KeyValueMetadata>& metadata) {
  ARROW_RETURN_NOT_OK(output_.Claim());
  // Another run may have written here since Open, and until it is kept out.
  ARROW_RETURN_NOT_OK(RefuseTable());
  if (finished_) return HoldsTable(std::nullopt);  // another run was quicker
  RunRecord run{.uuid = NewUuid(), .version = kVersion, .options = options_.record};
  if (!options_.model_file.empty()) {
    run.files = {{.name = options_.model_file,
                  .rows = model_rows,
                  .bytes = static_cast<int64_t>(model.size()),
                  .sha256 = ToHex(Sha256Of(model))}};
  }
  ARROW_RETURN_NOT_OK(output_.Clear());
  ARROW_ASSIGN_OR_RAISE(manifest_, Manifest::New(*store_, run));
  if (!options_.model_file.empty()) {
    ARROW_RETURN_NOT_OK(store_->Put(options_.model_file, model));
  }
  ARROW_RETURN_NOT_OK(output_.Begin(*manifest_));
  schema_ = std::move(schema);
  const auto version = arrow::key_value_metadata({"pomona.version"}, {kVersion});
  metadata_ = metadata == nullptr ? version : version->Merge(*metadata);
  return OpenPart();
}

PartId DerivedTable::NextPart() const {
  return {.index = static_cast<int64_t>(manifest_->parts().size()), .epoch = output_.epoch()};
}

Status DerivedTable::OpenPart() {
  ARROW_ASSIGN_OR_RAISE(
      part_, TableFile::Create(*store_, {.name = PartFileName(NextPart(), manifest_->run().uuid),
                                         .schema = schema_,
                                         .metadata = metadata_}));
  return Status::OK();
}

Status DerivedTable::EndPart() {
  PartRecord part{.id = NextPart(),
                  .generation = 0,
                  .data = {},
                  .references = std::nullopt,
                  .rejects = std::nullopt};
  ARROW_ASSIGN_OR_RAISE(part.data, part_->Commit());
  part_.reset();
  return output_.Commit(*manifest_, std::move(part));
}

Status DerivedTable::Append(const arrow::RecordBatch& batch) {
  for (int64_t done = 0; done < batch.num_rows();) {
    if (part_ == nullptr) ARROW_RETURN_NOT_OK(OpenPart());
    const int64_t rows = std::min(batch.num_rows() - done, options_.rows_per_file - part_->rows());
    ARROW_RETURN_NOT_OK(part_->Append(*batch.Slice(done, rows)));
    done += rows;
    if (part_->rows() == options_.rows_per_file) ARROW_RETURN_NOT_OK(EndPart());
  }
  return Status::OK();
}

Result<int64_t> DerivedTable::EndRows() {
  if (part_ != nullptr) ARROW_RETURN_NOT_OK(EndPart());
  return manifest_->totals().parts;
}

Status DerivedTable::Finish(const std::string& report) {
  return output_.Finish(*manifest_, report);
}

}  // namespace pomona
