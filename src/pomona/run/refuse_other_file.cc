#include "pomona/run/refuse_other_file.h"

#include <arrow/array/array_binary.h>
#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>

#include <memory>

#include "pomona/image/sniff.h"
#include "pomona/shown_text.h"
#include "pomona/storage/filesystem.h"

namespace pomona {
namespace {

constexpr int64_t kBeginning = 512;  // as far as Sniff looks

arrow::Result<std::shared_ptr<arrow::Buffer>> ReadBeginning(const Uri& source,
                                                            const StorageOptions& storage) {
  ARROW_ASSIGN_OR_RAISE(const auto place, OpenFileSystem(source, storage));
  ARROW_ASSIGN_OR_RAISE(auto stream, place.filesystem->OpenInputStream(place.path));
  return stream->Read(kBeginning);
}

}  // namespace

arrow::Status RefuseOtherFile(const Uri& source, const StorageOptions& storage,
                              const arrow::RecordBatch& first) {
  if (first.num_rows() != 1) return arrow::Status::OK();
  const auto& uris = static_cast<const arrow::StringArray&>(*first.column(0));
  if (uris.GetView(0) != source.ToString()) return arrow::Status::OK();
  const auto beginning = ReadBeginning(source, storage);
  if (!beginning.ok()) return arrow::Status::OK();
  const auto& bytes = **beginning;
  const auto sniffed = image::Sniff({bytes.data(), static_cast<size_t>(bytes.size())});
  if (bytes.size() > 0 && sniffed.format != image::ImageFormat::kOther) return arrow::Status::OK();
  return arrow::Status::Invalid(
      "the source is one file, and no image but ", bytes.size() == 0 ? "empty" : sniffed.name, ": ",
      ShownUri(source.ToString()), "\nhint: a source is a folder, a prefix or one image");
}

}  // namespace pomona
