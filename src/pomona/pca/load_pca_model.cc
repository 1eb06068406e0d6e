#include "pomona/pca_run.h"
#include "pomona/shown_text.h"
#include "pomona/storage/filesystem.h"
#include "pomona/table/layout.h"

namespace pomona {

using arrow::Result;
using arrow::Status;

Result<PcaModel> LoadPcaModel(const std::string& path, const StorageOptions& storage) {
  ARROW_ASSIGN_OR_RAISE(auto location, OpenFileSystem(path, storage));
  ARROW_ASSIGN_OR_RAISE(auto info, location.filesystem->GetFileInfo(location.path));
  if (info.IsDirectory()) {
    ARROW_ASSIGN_OR_RAISE(info,
                          location.filesystem->GetFileInfo(location.path + "/" + kPcaModelFile));
  }
  if (!info.IsFile()) {
    return Status::IOError("there is no PCA model in ", ShownUri(path),
                           "\nhint: name the output of an earlier `pomona pca`");
  }
  ARROW_ASSIGN_OR_RAISE(auto input, location.filesystem->OpenInputFile(info));
  ARROW_ASSIGN_OR_RAISE(const int64_t size, input->GetSize());
  ARROW_ASSIGN_OR_RAISE(auto bytes, input->ReadAt(0, size));
  auto model = PcaModel::FromBytes(bytes);
  if (!model.ok()) {
    return model.status().WithMessage(ShownUri(info.path()), ": ", model.status().message());
  }
  return model;
}

}  // namespace pomona
