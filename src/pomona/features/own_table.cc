#include "pomona/features/own_table.h"

#include <algorithm>
#include <map>
#include <utility>

#include "pomona/base/thread_team.h"
#include "pomona/error_kind.h"
#include "pomona/shown_text.h"
#include "pomona/table/layout.h"
#include "pomona/table/manifest.h"
#include "pomona/table/part_reader.h"
#include "pomona/table/seal.h"

namespace pomona {
namespace {

using arrow::Status;

constexpr char kVerifyTells[] = "\nhint: pomona verify tells what is damaged";

/// A run of ours puts `_SUCCESS` last.
Status RefuseUnfinished(const OutputStore& store, const Manifest& manifest,
                        const std::string& uri) {
  ARROW_ASSIGN_OR_RAISE(const auto seal, FindSeal(store, manifest));
  if (seal == SealFound::kOfNewestState) return Status::OK();
  return Status::Invalid("the table ", ShownUri(uri), " is not finished: ", kSuccessFile,
                         seal == SealFound::kNone ? " is missing" : " is of an older state",
                         "\nhint: run the same extract again");
}

Status Prove(const OutputStore& store, const FileRecord& file) {
  const auto proved = ProveFile(store, file);
  if (KindOf(proved) != ErrorKind::kData) return proved;
  return proved.WithMessage(ShownUri(file.name), ": ", proved.message(), kVerifyTells);
}

}  // namespace

Status CheckOwnTable(const std::shared_ptr<arrow::fs::FileSystem>& filesystem,
                     const std::string& folder, const std::string& uri,
                     const std::vector<arrow::fs::FileInfo>& files, bool prove, int threads) {
  const auto store = OutputStore::Make(filesystem, folder, uri);
  ARROW_ASSIGN_OR_RAISE(const auto manifest, Manifest::Load(*store));
  if (!manifest) {
    if (!HasSeal(*store)) return Status::OK();
    return DamagedData("the table ", ShownUri(uri), " has lost its manifest", kVerifyTells);
  }
  ARROW_RETURN_NOT_OK(RefuseUnfinished(*store, *manifest, uri));
  std::map<std::string, const FileRecord*> missing;
  for (const auto& part : manifest->parts()) missing[part.data.name] = &part.data;
  std::vector<const FileRecord*> records;
  for (const auto& file : files) {
    const auto record = missing.find(file.base_name());
    if (record == missing.end()) {
      return DamagedData("the table ", ShownUri(uri), " holds ", ShownText(file.base_name()),
                         ", which is not in its manifest", kVerifyTells);
    }
    if (file.size() != record->second->bytes) {
      return DamagedData(ShownUri(file.path()), " has ", file.size(), " bytes, its manifest says ",
                         record->second->bytes, kVerifyTells);
    }
    records.push_back(record->second);
    missing.erase(record);
  }
  if (!missing.empty()) {
    return DamagedData("the table ", ShownUri(uri), " has lost ", missing.begin()->first,
                       kVerifyTells);
  }
  if (!prove) return Status::OK();
  std::vector<Status> proved(records.size());
  ThreadTeam(threads).Run(static_cast<int64_t>(records.size()), [&](int64_t i) {
    const auto at = static_cast<size_t>(i);
    proved[at] = Prove(*store, *records[at]);
  });
  for (const auto& status : proved) ARROW_RETURN_NOT_OK(status);
  return Status::OK();
}

}  // namespace pomona
