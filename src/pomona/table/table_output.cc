#include "pomona/table/table_output.h"

#include "pomona/shown_text.h"
#include "pomona/storage/filesystem.h"
#include "pomona/storage/uri.h"
#include "pomona/table/layout.h"
#include "pomona/table/same_place.h"

namespace pomona {

arrow::Result<std::shared_ptr<OutputStore>> OpenOutput(const std::string& uri,
                                                       const StorageOptions& storage) {
  ARROW_ASSIGN_OR_RAISE(auto location, OpenFileSystem(uri, storage));
  return std::make_shared<OutputStore>(location.filesystem, location.path, uri);
}

arrow::Status RefuseSourceAsOutput(const std::string& output,
                                   const std::vector<std::string>& sources) {
  const auto place = Uri::Parse(output);
  ARROW_RETURN_NOT_OK(place.status());
  for (const auto& source : sources) {
    ARROW_ASSIGN_OR_RAISE(const Uri from, Uri::Parse(source));
    if (!Holds(*place, from)) continue;
    return arrow::Status::Invalid("the output ", ShownUri(output),
                                  " is the source, or holds it: ", ShownUri(source),
                                  "\nhint: name a folder that is the table's alone");
  }
  return arrow::Status::OK();
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

arrow::Status TableOutput::Claim() {
  ARROW_RETURN_NOT_OK(store_->Prepare());
  return Lease::Acquire(store_).Value(&lease_);
}

arrow::Status TableOutput::Clear() {
  changed_ = true;
  ARROW_RETURN_NOT_OK(store_->Delete(kSuccessFile));
  ARROW_ASSIGN_OR_RAISE(auto files, store_->List(""));
  for (const auto& file : files) {
    if (IsPartFile(file.name)) ARROW_RETURN_NOT_OK(store_->Delete(file.name));
  }
  for (const char* folder : {kRejectsFolder, kReferencesFolder, kManifestFolder}) {
    ARROW_ASSIGN_OR_RAISE(auto inside, store_->List(folder));
    for (const auto& file : inside) ARROW_RETURN_NOT_OK(store_->Delete(file.name));
  }
  ARROW_RETURN_NOT_OK(store_->Delete(kReportFile));
  ARROW_RETURN_NOT_OK(store_->Delete(kPcaModelFile));
  return store_->Delete(kRunFile);
}

arrow::Status TableOutput::Begin() {
  if (begun_) return arrow::Status::OK();
  begun_ = changed_ = true;
  return store_->Delete(kSuccessFile);
}

arrow::Status TableOutput::Finish(const std::string& report) {
  ARROW_RETURN_NOT_OK(store_->Put(kReportFile, report));
  ARROW_RETURN_NOT_OK(lease_->Check());
  return store_->Put(kSuccessFile, "");
}

}  // namespace pomona
