#include "simulator/simulated_writer.h"

#include <fmt/format.h>

#include <utility>

#include "pomona/base/sha256.h"
#include "pomona/error_kind.h"
#include "pomona/run/open_run.h"
#include "pomona/table/layout.h"
#include "pomona/table/seal.h"
#include "pomona/table/table_output.h"
#include "simulator/simulated_stores.h"

namespace pomona {
namespace {

// Options that all tables have (WithoutNewerOptions), and nothing else.
constexpr char kRecord[] = R"({"features_layout":null,"layout":"NCHW","max_bytes":1})";

class SimulatedWriter {
 public:
  SimulatedWriter(World& world, int writer, char kind)
      : world_(world), writer_(writer), version_(VersionOf(writer, kind)) {
    run_.store = MakeSimulatedStore(world, writer);
    run_.record = kRecord;
    options_.overwrite = kind == 'o';
  }

  arrow::Status Write() {
    if (!options_.overwrite) {
      ARROW_ASSIGN_OR_RAISE(run_.manifest, Manifest::Load(*run_.store));
    }
    TableOutput output(run_.store);
    ARROW_RETURN_NOT_OK(TakeOutput(options_, run_, output, LeaseOptions()));
    std::vector<size_t> older;
    for (size_t i = 0; run_.manifest && i < run_.manifest->parts().size(); ++i) {
      ARROW_ASSIGN_OR_RAISE(const bool is_older, IsOlder(run_.manifest->parts()[i].data));
      if (is_older) older.push_back(i);
    }
    for (;;) {
      const size_t parts = run_.manifest ? run_.manifest->parts().size() : 0;
      if (parts >= kSimulatedParts) break;
      ARROW_RETURN_NOT_OK(WritePart(output, parts));
    }
    for (const size_t index : older) ARROW_RETURN_NOT_OK(WritePart(output, index));
    if (!run_.finished) ARROW_RETURN_NOT_OK(BeginWriting(options_, run_, output));
    if (!output.begun()) return arrow::Status::OK();
    if (!world_.mutation().success_first) return output.Finish(*run_.manifest, "{}");
    ARROW_RETURN_NOT_OK(output.CheckClaim());
    ARROW_RETURN_NOT_OK(run_.store->Put(kSuccessFile, ToJson(SealOf(*run_.manifest))));
    return output.RemoveOrphans(*run_.manifest);
  }

 private:
  Lease::Options LeaseOptions() {
    // Each on a machine of its own.
    return {
        .process = {.host = "host", .number = 1, .start = "1", .space = std::to_string(writer_)},
        .renewer = [this](Lease* lease) {
          world_.SetRenewal(
              writer_, lease == nullptr ? std::function<void()>() : [lease] { lease->Renew(); });
        }};
  }

  arrow::Result<bool> IsOlder(const FileRecord& file) {
    ARROW_ASSIGN_OR_RAISE(const std::string bytes, run_.store->Get(file.name));
    if (ToHex(Sha256Of(bytes)) != file.sha256) return DamagedData(file.name, " is damaged");
    return VersionIn(bytes) < version_;
  }

  arrow::Status WritePart(TableOutput& output, size_t index) {
    ARROW_RETURN_NOT_OK(BeginWriting(options_, run_, output));
    PartRecord part{.id = {.index = static_cast<int64_t>(index), .epoch = output.epoch()},
                    .generation = 0,
                    .data = {},
                    .references = FileRecord(),
                    .rejects = std::nullopt};
    ARROW_RETURN_NOT_OK(WriteFile(ReferencesFileName(part.id), &*part.references));
    ARROW_RETURN_NOT_OK(WriteFile(PartFileName(part.id, run_.manifest->run().uuid), &part.data));
    return output.Commit(*run_.manifest, std::move(part));
  }

  /// As TableFile does.
  arrow::Status WriteFile(const std::string& name, FileRecord* record) {
    const std::string bytes = fmt::format("{} of writer {}", version_, writer_);
    *record = {.name = name,
               .rows = 1,
               .bytes = static_cast<int64_t>(bytes.size()),
               .sha256 = ToHex(Sha256Of(bytes))};
    ARROW_ASSIGN_OR_RAISE(auto file, run_.store->Create(name));
    ARROW_RETURN_NOT_OK(file->stream()->Write(bytes));
    ARROW_RETURN_NOT_OK(file->Reopen());
    return file->Commit();
  }

  World& world_;
  const int writer_;
  const int version_;
  RunOptions options_;
  OpenRun run_;
};

}  // namespace

arrow::Status WriteSimulatedTable(World& world, int writer, char kind) {
  return SimulatedWriter(world, writer, kind).Write();
}

int VersionOf(int writer, char kind) { return kind == 'r' ? 1 : writer + 10; }

int VersionIn(const std::string& bytes) { return std::atoi(bytes.c_str()); }

}  // namespace pomona
