#include "pomona/table/table_output.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "pomona/check_output.h"
#include "pomona/error_kind.h"
#include "pomona/shown_text.h"
#include "pomona/storage/filesystem.h"
#include "pomona/table/layout.h"
#include "pomona/table/s3_store.h"
#include "pomona/table/same_place.h"
#include "pomona/table/seal.h"

namespace pomona {

arrow::Result<std::shared_ptr<OutputStore>> OpenOutput(const Uri& place, const std::string& named,
                                                       const StorageOptions& storage) {
  ARROW_ASSIGN_OR_RAISE(auto location, OpenFileSystem(place, storage));
  if (place.scheme != Scheme::kS3) {
    return OutputStore::Make(location.filesystem, location.path, named);
  }
  const std::string bucket = location.path.substr(0, location.path.find('/'));
  ARROW_ASSIGN_OR_RAISE(auto writer, S3ObjectWriter::Open(storage, bucket));
  return std::make_shared<S3Store>(location.filesystem, location.path, named, std::move(writer),
                                   storage.s3_anonymous);
}

arrow::Status RefuseSourceAsOutput(const Uri& output, const Uri& source) {
  if (!Holds(output, source)) return arrow::Status::OK();
  return arrow::Status::Invalid("the output ", ShownUri(output.ToString()),
                                " is the source, or holds it: ", ShownUri(source.ToString()),
                                "\nhint: name a folder that is the table's alone");
}

arrow::Status RefuseForeignFiles(const OutputStore& store, bool tables_may_go) {
  ARROW_ASSIGN_OR_RAISE(const auto names, store.Names());
  return RefuseForeignNames(store.uri(), names, tables_may_go);
}

arrow::Status RefuseForeignNames(const std::string& uri, const std::vector<std::string>& names,
                                 bool tables_may_go) {
  for (const auto& name : names) {
    if (name.starts_with('.') || name == std::string(kPomonaFolder) + "/") continue;
    const bool of_a_table =
        IsPartFile(name) || name == kSuccessFile || name == std::string(kTemporaryFolder) + "/";
    if (tables_may_go && of_a_table) continue;
    return arrow::Status::Invalid(
        "the output ", ShownUri(uri), " holds something else: ", ShownUri(name),
        "\nhint: name an empty folder; option `overwrite` removes the parts "
        "and _SUCCESS of an earlier table, and nothing else");
  }
  return arrow::Status::OK();
}

arrow::Status RefuseLostParts(const OutputStore& store, const Manifest& manifest) {
  if (manifest.parts().empty()) return arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(auto files, store.List(""));
  std::map<std::string, int64_t> sizes;
  for (const auto& file : files) sizes[file.name] = file.size;
  for (const auto& part : manifest.parts()) {
    const auto found = sizes.find(part.data.name);
    if (found != sizes.end() && found->second == part.data.bytes) continue;
    return DamagedData("the output ", store.uri(), " is damaged: ", part.data.name,
                       found == sizes.end() ? " is missing" : " has another size",
                       part.references
                           ? "\nhint: option `repair` computes again what is damaged, option "
                             "`overwrite` starts anew; pomona verify tells all"
                           : "\nhint: option `overwrite` starts anew; pomona verify tells all");
  }
  return arrow::Status::OK();
}

arrow::Status CheckOutput(const OutputCheck& check) {
  ARROW_RETURN_NOT_OK(check.storage.Validate());
  const auto output = Uri::Parse(check.output);
  // A store that only the other client knows (wasbs://) holds no source of ours.
  if (!check.names) ARROW_RETURN_NOT_OK(output.status());
  for (const auto& name : check.sources) {
    ARROW_ASSIGN_OR_RAISE(const Uri source, Uri::Parse(name));
    if (output.ok()) ARROW_RETURN_NOT_OK(RefuseSourceAsOutput(*output, source));
  }
  if (check.names) return RefuseForeignNames(check.output, *check.names, check.tables_may_go);
  ARROW_ASSIGN_OR_RAISE(const auto store, OpenOutput(*output, check.output, check.storage));
  return RefuseForeignFiles(*store, check.tables_may_go);
}

TableOutput::~TableOutput() {
  lease_.reset();
  if (claimed_) store_->Leave();
}

arrow::Status TableOutput::Claim(Lease::Options options) {
  claimed_ = true;
  ARROW_RETURN_NOT_OK(store_->Prepare());
  ARROW_RETURN_NOT_OK(Lease::Acquire(store_, std::move(options)).Value(&lease_));
  return store_->FenceOthers(found_dead());
}

arrow::Status TableOutput::Clear() {
  // Of a table whose states may be damaged the names say what epochs it has had.
  ARROW_ASSIGN_OR_RAISE(auto files, store_->List(""));
  int least = -1;
  for (const auto& file : files) least = std::max(least, PartEpochOf(file.name));
  ARROW_RETURN_NOT_OK(lease_->Take(least));
  // Until then another may have come, and ended.
  ARROW_ASSIGN_OR_RAISE(files, store_->List(""));
  changed_ = true;
  ARROW_RETURN_NOT_OK(store_->Delete(kSuccessFile));
  for (const auto& file : files) {
    if (IsPartFile(file.name)) ARROW_RETURN_NOT_OK(store_->Delete(file.name));
  }
  for (const char* folder : {kRejectsFolder, kReferencesFolder, kManifestFolder}) {
    ARROW_ASSIGN_OR_RAISE(auto inside, store_->ListOwn(folder));
    for (const auto& file : inside) ARROW_RETURN_NOT_OK(store_->Delete(file.name));
  }
  ARROW_RETURN_NOT_OK(store_->Delete(kReportFile));
  ARROW_RETURN_NOT_OK(store_->Delete(kPcaModelFile));
  ARROW_RETURN_NOT_OK(store_->Delete(kClassifierFile));
  return store_->Delete(kRunFile);
}

arrow::Status TableOutput::Begin(Manifest& manifest, bool is_whole) {
  if (begun_) return arrow::Status::OK();
  ARROW_RETURN_NOT_OK(lease_->Take(manifest.epoch()));
  // One that slept, and lost its claim just now, may have begun to replace the table since it was
  // looked at; from here on nobody can.
  if (is_whole) ARROW_RETURN_NOT_OK(RefuseLostParts(*store_, manifest));
  begun_ = changed_ = true;
  ARROW_RETURN_NOT_OK(store_->Delete(kSuccessFile));
  return manifest.Open(*store_, epoch());
}

arrow::Status TableOutput::Commit(Manifest& manifest, PartRecord part) {
  ARROW_RETURN_NOT_OK(lease_->Check());
  return manifest.Commit(*store_, std::move(part));
}

arrow::Status TableOutput::RemoveOrphans(const Manifest& manifest) {
  std::set<std::string> known;
  for (const auto& part : manifest.parts()) {
    known.insert(part.data.name);
    if (part.references) known.insert(part.references->name);
    if (part.rejects) known.insert(part.rejects->name);
  }
  const auto is_orphan = [&](const std::string& name) {
    if (known.contains(name)) return false;
    if (name.find('/') == name.npos) return IsPartFileOf(name, manifest.run().uuid);
    return !name.starts_with(std::string(kStatesFolder) + "/") || !manifest.Uses(name);
  };
  for (const char* folder :
       {"", kReferencesFolder, kRejectsFolder, kStatesFolder, kManifestFolder}) {
    ARROW_ASSIGN_OR_RAISE(auto files, store_->ListOwn(folder));
    for (const auto& file : files) {
      if (is_orphan(file.name)) ARROW_RETURN_NOT_OK(store_->Delete(file.name));
    }
  }
  return store_->Delete(kRunFile);
}

arrow::Status TableOutput::Finish(const Manifest& manifest, const std::string& report) {
  ARROW_RETURN_NOT_OK(lease_->Check());
  ARROW_RETURN_NOT_OK(RemoveOrphans(manifest));
  ARROW_RETURN_NOT_OK(store_->Put(kReportFile, report));
  ARROW_RETURN_NOT_OK(lease_->Check());
  return store_->Put(kSuccessFile, ToJson(SealOf(manifest)));
}

}  // namespace pomona
