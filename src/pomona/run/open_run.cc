#include "pomona/run/open_run.h"

#include <limits>
#include <map>
#include <string>
#include <utility>

#include "pomona/error_kind.h"
#include "pomona/run/first_batch.h"
#include "pomona/run/options_record.h"
#include "pomona/run/refuse_other_file.h"
#include "pomona/run/table_rule.h"
#include "pomona/shown_text.h"
#include "pomona/source/no_images.h"
#include "pomona/table/layout.h"
#include "pomona/table/table_output.h"

namespace pomona {
namespace {

/// Cheap: one listing. `pomona verify` reads the contents too.
arrow::Status RefuseLostParts(const OutputStore& store, const Manifest& manifest) {
  ARROW_ASSIGN_OR_RAISE(auto files, store.List(""));
  std::map<std::string, int64_t> sizes;
  for (const auto& file : files) sizes[file.name] = file.size;
  for (const auto& part : manifest.parts()) {
    const auto found = sizes.find(part.data.name);
    if (found != sizes.end() && found->second == part.data.bytes) continue;
    return DamagedData("the output ", store.uri(), " is damaged: ", part.data.name,
                       found == sizes.end() ? " is missing" : " has another size",
                       "\nhint: pomona verify tells all; option `overwrite` starts anew");
  }
  return arrow::Status::OK();
}

arrow::Status RefuseOtherOptions(const OutputStore& store, const Manifest& manifest,
                                 const nlohmann::ordered_json& record) {
  const auto& of_table = manifest.run().options;
  const auto differing = DifferingOptions(of_table, WithoutNewerOptions(record, of_table));
  if (differing.empty()) return arrow::Status::OK();
  std::string list;
  for (const auto& line : differing) list += "\n  " + line;
  return arrow::Status::Invalid("the output ", store.uri(), " was made with other options:", list,
                                "\nhint: give the same options to continue it, name another "
                                "output, or option `overwrite`");
}

}  // namespace

std::shared_ptr<WorkList> OpenRun::MakeWorkList(const RunOptions& options) const {
  return std::make_shared<WorkList>(listing, *store,
                                    manifest ? manifest->parts() : std::vector<PartRecord>(),
                                    WorkList::Options{.rows_per_file = options.rows_per_file,
                                                      .update = options.update,
                                                      .finished = finished,
                                                      .output = store->uri(),
                                                      .stop = options.extract.stop});
}

arrow::Result<OpenRun> OpenSourceAndModel(const RunOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_RETURN_NOT_OK(RefuseSourceAsOutput(options.output, {options.list.source}));
  OpenRun run;
  ARROW_ASSIGN_OR_RAISE(run.store, OpenOutput(options.output, options.extract.storage));
  ARROW_ASSIGN_OR_RAISE(run.rule, TableRule(options, *run.store));
  ListOptions list = options.list;
  list.stop = options.extract.stop;
  ARROW_ASSIGN_OR_RAISE(run.images, ListImagesBy(run.rule, list));
  std::shared_ptr<arrow::RecordBatch> first;
  ARROW_RETURN_NOT_OK(run.images->ReadNext(&first));
  if (first == nullptr) return NoImages(list, run.images->summary());
  ARROW_RETURN_NOT_OK(RefuseOtherFile(list, *first));
  run.listing = std::make_shared<FirstBatchAhead>(std::move(first), run.images);
  ARROW_ASSIGN_OR_RAISE(run.extractor, Extractor::Load(options.extract));
  // A part is read back as one list array, whose offsets are 32-bit.
  constexpr int64_t kMaxValues = std::numeric_limits<int32_t>::max();
  if (options.rows_per_file > kMaxValues / run.extractor->feature_dim()) {
    return arrow::Status::Invalid("option `rows_per_file` ", options.rows_per_file, " x ",
                                  run.extractor->feature_dim(), " features is more than ",
                                  kMaxValues, " values a part");
  }
  ARROW_ASSIGN_OR_RAISE(run.record, OptionsRecord(options, run.rule, *run.extractor));
  return run;
}

arrow::Status RefuseForeignFolder(const RunOptions& options, const OutputStore& store) {
  if (options.overwrite) return RefuseForeignFiles(store, /*tables_may_go=*/true);
  ARROW_ASSIGN_OR_RAISE(const bool ours, store.Exists(kRunFile));
  return ours ? arrow::Status::OK() : RefuseForeignFiles(store, /*tables_may_go=*/false);
}

arrow::Status OpenManifest(const RunOptions& options, OpenRun& run) {
  if (options.overwrite) return RefuseForeignFiles(*run.store, /*tables_may_go=*/true);
  ARROW_ASSIGN_OR_RAISE(run.manifest, Manifest::Load(*run.store));
  if (!run.manifest) return RefuseForeignFiles(*run.store, /*tables_may_go=*/false);
  ARROW_RETURN_NOT_OK(RefuseOtherOptions(*run.store, *run.manifest, run.record));
  ARROW_RETURN_NOT_OK(RefuseLostParts(*run.store, *run.manifest));
  return run.store->Exists(kSuccessFile).Value(&run.finished);
}

}  // namespace pomona
