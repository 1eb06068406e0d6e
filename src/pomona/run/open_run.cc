#include "pomona/run/open_run.h"

#include <arrow/record_batch.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "pomona/base/sha256.h"
#include "pomona/base/uuid.h"
#include "pomona/error_kind.h"
#include "pomona/extract/preset.h"
#include "pomona/extract/source_side.h"
#include "pomona/run/options_record.h"
#include "pomona/run/refuse_other_file.h"
#include "pomona/run/table_rule.h"
#include "pomona/shown_text.h"
#include "pomona/source/no_images.h"
#include "pomona/table/layout.h"
#include "pomona/table/seal.h"
#include "pomona/table/table_output.h"
#include "pomona/version.h"

namespace pomona {
namespace {

/// A stream whose first batch was read already, to see that there is one.
class FirstBatchAhead : public arrow::RecordBatchReader {
 public:
  FirstBatchAhead(std::shared_ptr<arrow::RecordBatch> first,
                  std::shared_ptr<arrow::RecordBatchReader> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return rest_->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    if (first_ == nullptr) return rest_->ReadNext(batch);
    *batch = std::exchange(first_, nullptr);
    return arrow::Status::OK();
  }

 private:
  std::shared_ptr<arrow::RecordBatch> first_;
  const std::shared_ptr<arrow::RecordBatchReader> rest_;
};

/// Parts of other tables have none.
arrow::Status RefuseLostReferences(const OutputStore& store, const Manifest& manifest) {
  for (const auto& part : manifest.parts()) {
    if (part.references) continue;
    return DamagedData("the output ", store.uri(), " is damaged: ", part.data.name,
                       " has no references",
                       "\nhint: pomona verify tells all; option `overwrite` starts anew");
  }
  return arrow::Status::OK();
}

arrow::Status RefuseOtherOptions(const OutputStore& store, const Manifest& manifest,
                                 const std::string& record) {
  const std::string& of_table = manifest.run().options;
  const auto differing = DifferingOptions(of_table, WithoutNewerOptions(record, of_table));
  if (differing.empty()) return arrow::Status::OK();
  std::string list;
  for (const auto& line : differing) list += "\n  " + line;
  return arrow::Status::Invalid("the output ", store.uri(), " was made with other options:", list,
                                "\nhint: give the same options to continue it, name another "
                                "output, or option `overwrite`");
}

arrow::Status RefuseForeignFolder(const RunOptions& options, const OpenRun& run) {
  return RefuseForeignFiles(*run.store, /*tables_may_go=*/options.overwrite);
}

arrow::Status ReadSuccess(const RunOptions& options, OpenRun& run) {
  const auto seal = FindSeal(*run.store, *run.manifest);
  run.finished = seal.ok() && *seal == SealFound::kOfNewestState;
  if (seal.ok() || KindOf(seal.status()) != ErrorKind::kData) return seal.status();
  // Written anew at the end: what it should have sealed is read.
  if (options.repair) return arrow::Status::OK();
  return seal.status().WithMessage("the output ", run.store->uri(),
                                   " is damaged: ", seal.status().message(),
                                   "\nhint: option `repair` computes again what is damaged, option "
                                   "`overwrite` starts anew; pomona verify tells all");
}

FileRecord RecordOf(const RunProduct::File& file) {
  return {.name = file.name,
          .rows = file.rows,
          .bytes = static_cast<int64_t>(file.bytes.size()),
          .sha256 = ToHex(Sha256Of(file.bytes))};
}

/// The options with what their preset says, which of a table that is continued is what it said
/// then.
arrow::Result<ExtractOptions> ChoosePreset(const RunOptions& options,
                                           const arrow::RecordBatch& first, OpenRun* run) {
  ExtractOptions given = options.extract;
  if (given.preset != Preset::kFast) return WithPreset(given, std::nullopt);
  const bool of_table = run->manifest && TakeFastOf(run->manifest->run().options, &given);
  std::optional<int> side;
  if (given.input_size == 0) {
    ARROW_ASSIGN_OR_RAISE(side, SourceSide(first, given.storage, given.image));
  }
  ARROW_ASSIGN_OR_RAISE(auto complete, WithPreset(given, side));
  run->preset =
      fmt::format("preset fast: {}, {}", PrecisionName(*complete.precision),
                  complete.input_size == 0 ? "the network's own size"
                                           : fmt::format("{0}x{0} pixels", complete.input_size));
  if (of_table) run->preset += ", as the table was begun with";
  if (side) {
    run->preset +=
        fmt::format(", as the first images of the source have {} on their shorter side", *side);
  }
  return complete;
}

}  // namespace

std::shared_ptr<WorkList> OpenRun::MakeWorkList(const RunOptions& options) const {
  return std::make_shared<WorkList>(listing, *store,
                                    manifest ? manifest->parts() : std::vector<PartRecord>(),
                                    WorkList::Options{.rows_per_file = options.rows_per_file,
                                                      .update = options.update,
                                                      .only_new = options.repair,
                                                      .finished = finished,
                                                      .output = store->uri(),
                                                      .stop = options.extract.stop});
}

arrow::Result<OpenRun> OpenSourceAndModel(const RunOptions& options, const MakeProduct& make) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(CheckPrecision(options.extract));
  OpenRun run;
  ARROW_ASSIGN_OR_RAISE(run.source, Uri::Parse(options.list.source));
  ARROW_ASSIGN_OR_RAISE(const Uri output, Uri::Parse(options.output));
  ARROW_RETURN_NOT_OK(RefuseSourceAsOutput(output, run.source));
  ARROW_ASSIGN_OR_RAISE(run.store, OpenOutput(output, options.output, options.extract.storage));
  if (!options.overwrite) {
    ARROW_ASSIGN_OR_RAISE(run.manifest, Manifest::Load(*run.store));
  }
  run.rule = TableRule(options, run.manifest ? &run.manifest->run() : nullptr);
  ListOptions list = options.list;
  list.stop = options.extract.stop;
  ARROW_ASSIGN_OR_RAISE(run.images, ListImagesBy(run.rule, run.source, list));
  std::shared_ptr<arrow::RecordBatch> first;
  ARROW_RETURN_NOT_OK(run.images->ReadNext(&first));
  if (first == nullptr) return NoImages(list, run.images->summary());
  ARROW_RETURN_NOT_OK(RefuseOtherFile(run.source, list.storage, *first));
  ARROW_ASSIGN_OR_RAISE(const auto complete, ChoosePreset(options, *first, &run));
  run.listing = std::make_shared<FirstBatchAhead>(std::move(first), run.images);
  ARROW_ASSIGN_OR_RAISE(run.extractor, Extractor::Load(complete));
  // A part is read back as one list array, whose offsets are 32-bit.
  constexpr int64_t kMaxValues = std::numeric_limits<int32_t>::max();
  const auto views = static_cast<int64_t>(run.extractor->options().views->size());
  const int64_t values = run.extractor->feature_dim() * std::max<int64_t>(views, 1);
  if (options.rows_per_file > kMaxValues / values) {
    return arrow::Status::Invalid("option `rows_per_file` ", options.rows_per_file, " x ", values,
                                  " features is more than ", kMaxValues, " values a part");
  }
  ARROW_ASSIGN_OR_RAISE(run.record, OptionsRecord(options, run.source, run.rule, *run.extractor));
  ARROW_ASSIGN_OR_RAISE(run.product, make(*run.extractor, run.record));
  run.record = RecordWith(run.record, run.product.record);
  return run;
}

arrow::Status CheckManifest(const RunOptions& options, OpenRun& run) {
  if (!run.manifest) return RefuseForeignFolder(options, run);
  ARROW_RETURN_NOT_OK(RefuseOtherOptions(*run.store, *run.manifest, run.record));
  ARROW_RETURN_NOT_OK(RefuseLostReferences(*run.store, *run.manifest));
  if (!options.repair) ARROW_RETURN_NOT_OK(RefuseLostParts(*run.store, *run.manifest));
  return ReadSuccess(options, run);
}

arrow::Status RefreshManifest(const RunOptions& options, OpenRun& run) {
  if (options.overwrite) return RefuseForeignFolder(options, run);
  if (run.manifest) {
    ARROW_ASSIGN_OR_RAISE(const bool newest, run.manifest->IsNewest(*run.store));
    if (newest) return ReadSuccess(options, run);
  }
  ARROW_ASSIGN_OR_RAISE(run.manifest, Manifest::Load(*run.store));
  return CheckManifest(options, run);
}

arrow::Status TakeOutput(const RunOptions& options, OpenRun& run, TableOutput& output,
                         Lease::Options lease) {
  // Before anything is created in what may be a folder of other things.
  ARROW_RETURN_NOT_OK(CheckManifest(options, run));
  ARROW_RETURN_NOT_OK(output.Claim(std::move(lease)));
  ARROW_RETURN_NOT_OK(RefreshManifest(options, run));
  return options.overwrite ? output.Clear() : arrow::Status::OK();
}

arrow::Status BeginWriting(const RunOptions& options, OpenRun& run, TableOutput& output) {
  if (!run.manifest) {
    RunRecord record{.uuid = NewUuid(), .version = kVersion, .options = run.record};
    for (const auto& file : run.product.files) {
      record.files.push_back(RecordOf(file));
      ARROW_RETURN_NOT_OK(run.store->Put(file.name, file.bytes));
    }
    ARROW_ASSIGN_OR_RAISE(run.manifest, Manifest::New(*run.store, std::move(record)));
  }
  return output.Begin(*run.manifest, /*is_whole=*/!options.repair);
}

}  // namespace pomona
