#include "pomona/predict/source_kind.h"

#include <arrow/buffer.h>
#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "pomona/source/hidden_name.h"
#include "pomona/source/no_images.h"
#include "pomona/storage/filesystem.h"
#include "pomona/storage/uri.h"
#include "pomona/table/layout.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::fs::FileInfo;

constexpr std::string_view kParquetMagic = "PAR1";

/// False of a file that cannot be read: whoever reads it says so.
bool BeginsAsParquet(arrow::fs::FileSystem& filesystem, const FileInfo& file) {
  const auto stream = filesystem.OpenInputStream(file);
  if (!stream.ok()) return false;
  const auto bytes = (*stream)->Read(std::ssize(kParquetMagic));
  return bytes.ok() && std::string_view(**bytes) == kParquetMagic;
}

Result<bool> HasMarks(arrow::fs::FileSystem& filesystem, const std::string& folder) {
  for (const char* mark : {kSuccessFile, kPomonaFolder}) {
    ARROW_ASSIGN_OR_RAISE(const auto info, filesystem.GetFileInfo(folder + "/" + mark));
    if (info.type() != arrow::fs::FileType::NotFound) return true;
  }
  return false;
}

Result<bool> FirstFileIsParquet(arrow::fs::FileSystem& filesystem, const std::string& folder) {
  arrow::fs::FileSelector selector;
  selector.base_dir = folder;
  ARROW_ASSIGN_OR_RAISE(auto inside, filesystem.GetFileInfo(selector));
  std::erase_if(inside, [](const FileInfo& entry) {
    return !entry.IsFile() || IsPrivateName(entry.base_name());
  });
  const auto first = std::ranges::min_element(inside, {}, &FileInfo::path);
  if (first == inside.end()) return false;
  return BeginsAsParquet(filesystem, *first);
}

}  // namespace

Result<bool> IsFeatureTable(const ListOptions& list) {
  ARROW_ASSIGN_OR_RAISE(const Uri source, Uri::Parse(list.source));
  ARROW_ASSIGN_OR_RAISE(const auto place, OpenFileSystem(source, list.storage));
  ARROW_ASSIGN_OR_RAISE(const auto info, place.filesystem->GetFileInfo(place.path));
  if (info.IsFile()) return BeginsAsParquet(*place.filesystem, info);
  if (!info.IsDirectory()) return false;
  ARROW_ASSIGN_OR_RAISE(const bool marked, HasMarks(*place.filesystem, place.path));
  if (marked) return true;
  ARROW_ASSIGN_OR_RAISE(const auto images, ListImages(list));
  std::shared_ptr<arrow::RecordBatch> first;
  ARROW_RETURN_NOT_OK(images->ReadNext(&first));
  if (first != nullptr) return false;
  ARROW_ASSIGN_OR_RAISE(const bool parquet, FirstFileIsParquet(*place.filesystem, place.path));
  if (parquet) return true;
  const auto none = NoImages(list, images->summary());
  return none.WithMessage("no feature table, and ", none.message());
}

}  // namespace pomona
