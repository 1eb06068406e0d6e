#include "pomona/run/open_output.h"

#include "pomona/shown_text.h"
#include "pomona/source/filesystem.h"
#include "pomona/table/layout.h"

namespace pomona {

arrow::Result<std::shared_ptr<OutputStore>> OpenOutput(const std::string& uri,
                                                       const StorageOptions& storage) {
  ARROW_ASSIGN_OR_RAISE(auto location, OpenFileSystem(uri, storage));
  return std::make_shared<OutputStore>(location.filesystem, location.path, uri);
}

arrow::Status ClearOutput(OutputStore& store) {
  ARROW_RETURN_NOT_OK(store.Delete(kSuccessFile));
  ARROW_ASSIGN_OR_RAISE(auto files, store.List(""));
  for (const auto& file : files) {
    if (IsPartFile(file.name)) ARROW_RETURN_NOT_OK(store.Delete(file.name));
  }
  for (const char* folder : {kRejectsFolder, kReferencesFolder, kManifestFolder}) {
    ARROW_ASSIGN_OR_RAISE(auto inside, store.List(folder));
    for (const auto& file : inside) ARROW_RETURN_NOT_OK(store.Delete(file.name));
  }
  ARROW_RETURN_NOT_OK(store.Delete(kReportFile));
  ARROW_RETURN_NOT_OK(store.Delete(kPcaModelFile));
  return store.Delete(kRunFile);
}

arrow::Status RefuseForeignFiles(const OutputStore& store, bool tables_may_go) {
  ARROW_ASSIGN_OR_RAISE(auto files, store.List(""));
  for (const auto& file : files) {
    if (file.name.starts_with('.')) continue;
    if (tables_may_go && (IsPartFile(file.name) || file.name == kSuccessFile)) continue;
    return arrow::Status::Invalid("the output ", store.uri(),
                                  " holds something else: ", ShownUri(file.name),
                                  "\nhint: name an empty folder; --overwrite removes the parts "
                                  "and _SUCCESS of an earlier table, and nothing else");
  }
  return arrow::Status::OK();
}

}  // namespace pomona
