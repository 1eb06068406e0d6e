#include "pomona/report/table_record.h"

#include <arrow/array/array_binary.h>
#include <arrow/record_batch.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "pomona/storage/filesystem.h"
#include "pomona/storage/uri.h"
#include "pomona/table/layout.h"
#include "pomona/table/manifest.h"
#include "pomona/table/part_reader.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

Result<std::vector<PageReject>> ReadRejects(const OutputStore& store, const Manifest& manifest,
                                            const arrow::StopToken& stop) {
  std::vector<PageReject> rejects;
  for (const PartRecord& part : manifest.parts()) {
    if (!part.rejects) continue;
    ARROW_RETURN_NOT_OK(stop.Poll());
    ARROW_ASSIGN_OR_RAISE(const auto rows,
                          ReadTableFile(store, *part.rejects, {"uri", "reason", "message"}));
    const auto text = [&](const char* column, int64_t row) {
      const auto& values = static_cast<const arrow::StringArray&>(*rows->GetColumnByName(column));
      return values.IsNull(row) ? std::string() : values.GetString(row);
    };
    for (int64_t r = 0; r < rows->num_rows(); ++r) {
      rejects.push_back({text("uri", r), text("reason", r), text("message", r)});
    }
  }
  return rejects;
}

/// Whether its parts were extracted from images.
bool HasReferences(const Manifest& manifest) {
  for (const PartRecord& part : manifest.parts()) {
    if (part.references) return true;
  }
  return false;
}

}  // namespace

std::string IsoTime(int64_t seconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

Result<TableRecord> ReadTableRecord(const ReportOptions& options, Remarks* remarks) {
  const auto none = [&](const char* why) {
    remarks->push_back({"rejects", why});
    return TableRecord{};
  };
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(options.features));
  ARROW_ASSIGN_OR_RAISE(const auto location, OpenFileSystem(uri, options.storage));
  ARROW_ASSIGN_OR_RAISE(const auto info, location.filesystem->GetFileInfo(location.path));
  if (!info.IsDirectory()) return none("a table of one file has no record of rejects");
  const auto store = OutputStore::Make(location.filesystem, location.path, options.features);
  ARROW_ASSIGN_OR_RAISE(const auto manifest, Manifest::Load(*store));
  if (!manifest) return none("the table was not made by Pomona: it has no record of rejects");
  TableRecord record;
  record.ours = true;
  record.options = manifest->run().options;
  record.version = manifest->run().version;
  if (manifest->number() >= 0) {
    record.state = fmt::format("{}, sha256:{}", manifest->number(), manifest->root());
  }
  if (HasReferences(*manifest)) {
    ARROW_ASSIGN_OR_RAISE(record.rejects, ReadRejects(*store, *manifest, options.stop));
  } else {
    remarks->push_back({"rejects", "the table was made of another: it has no rejects of its own"});
  }
  ARROW_ASSIGN_OR_RAISE(const auto entries, store->List(""));
  for (const auto& entry : entries) {
    if (entry.name == kSuccessFile && entry.mtime_ns > 0) {
      record.finished = IsoTime(entry.mtime_ns / 1'000'000'000);
    }
  }
  ARROW_ASSIGN_OR_RAISE(const bool reported, store->Exists(kReportFile));
  if (reported) {
    ARROW_ASSIGN_OR_RAISE(record.report, store->Get(kReportFile));
  }
  return record;
}

}  // namespace pomona
