#include "pomona/int8/drawn_photos.h"

#include <arrow/api.h>

#include <algorithm>
#include <future>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "pomona/base/sha256.h"
#include "pomona/source/no_images.h"
#include "pomona/source/source.h"

namespace pomona {
namespace {

struct Photo {
  std::string uri, version;
  int64_t size = 0, mtime_us = 0;
  std::optional<std::string> label;
};

/// By the hash of the path below the source.
using Photos = std::map<Sha256Digest, Photo>;

/// Both are URIs as a listing shows them, or end in the same path.
std::string_view PathBelow(std::string_view uri, const std::string& source) {
  std::string_view folder = source;
  while (folder.ends_with('/')) folder.remove_suffix(1);
  // "file:/data" of "/data", "s3a://" of "s3://".
  const size_t slash = folder.find('/');
  const size_t at = slash == folder.npos ? folder.npos : uri.find(folder.substr(slash));
  return at == uri.npos ? uri : uri.substr(at + folder.size() - slash);
}

void Keep(const arrow::RecordBatch& listed, int64_t row, std::string_view path, size_t most,
          Photos* photos) {
  const Sha256Digest hash = Sha256Of(path);
  if (photos->size() == most && hash > photos->rbegin()->first) return;
  const auto text = [&](int column) {
    const auto& texts = static_cast<const arrow::StringArray&>(*listed.column(column));
    return texts.IsNull(row) ? std::optional<std::string>() : texts.GetString(row);
  };
  const auto& mtimes = static_cast<const arrow::TimestampArray&>(*listed.column(2));
  (*photos)[hash] = {.uri = text(0).value_or(""),
                     .version = text(3).value_or(""),
                     .size = static_cast<const arrow::Int64Array&>(*listed.column(1)).Value(row),
                     .mtime_us = mtimes.IsNull(row) ? 0 : mtimes.Value(row),
                     .label = text(4)};
  if (photos->size() > most) photos->erase(std::prev(photos->end()));
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> Batch(std::vector<Photo> photos) {
  std::sort(photos.begin(), photos.end(),
            [](const Photo& a, const Photo& b) { return a.uri < b.uri; });
  auto* pool = arrow::default_memory_pool();
  const auto schema = ReferenceSchema();
  arrow::StringBuilder uri;
  arrow::Int64Builder size;
  arrow::TimestampBuilder mtime(schema->field(2)->type(), pool);
  arrow::StringBuilder version;
  arrow::StringBuilder label;
  for (const Photo& photo : photos) {
    ARROW_RETURN_NOT_OK(uri.Append(photo.uri));
    ARROW_RETURN_NOT_OK(size.Append(photo.size));
    ARROW_RETURN_NOT_OK(photo.mtime_us == 0 ? mtime.AppendNull() : mtime.Append(photo.mtime_us));
    ARROW_RETURN_NOT_OK(photo.version.empty() ? version.AppendNull()
                                              : version.Append(photo.version));
    ARROW_RETURN_NOT_OK(photo.label ? label.Append(*photo.label) : label.AppendNull());
  }
  std::vector<std::shared_ptr<arrow::Array>> columns;
  for (arrow::ArrayBuilder* builder :
       std::initializer_list<arrow::ArrayBuilder*>{&uri, &size, &mtime, &version, &label}) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), builder->Finish());
  }
  return arrow::RecordBatch::Make(schema, static_cast<int64_t>(photos.size()), std::move(columns));
}

}  // namespace

arrow::Result<DrawnPhotos> DrawPhotos(const ListOptions& options, int64_t calibrated,
                                      int64_t compared) {
  ARROW_ASSIGN_OR_RAISE(auto listing, ListImages(options));
  const auto most = static_cast<size_t>(calibrated + compared);
  Photos photos;
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> listed;
    ARROW_RETURN_NOT_OK(listing->ReadNext(&listed));
    if (listed == nullptr) break;
    const auto& uris = static_cast<const arrow::StringArray&>(*listed->column(0));
    for (int64_t row = 0; row < listed->num_rows(); ++row) {
      Keep(*listed, row, PathBelow(uris.GetView(row), options.source), most, &photos);
    }
  }
  if (photos.empty()) return NoImages(options, listing->summary());
  std::vector<Photo> first;
  std::vector<Photo> others;
  for (auto& [hash, photo] : photos) {
    (first.size() < static_cast<size_t>(calibrated) ? first : others).push_back(std::move(photo));
  }
  DrawnPhotos drawn;
  ARROW_ASSIGN_OR_RAISE(drawn.calibrated, Batch(std::move(first)));
  ARROW_ASSIGN_OR_RAISE(drawn.compared, Batch(std::move(others)));
  return drawn;
}

arrow::Result<std::string> DigestPhotos(const ListOptions& options,
                                        const arrow::RecordBatch& photos) {
  constexpr int kFetches = 16;
  ARROW_ASSIGN_OR_RAISE(const Uri folder, Uri::Parse(options.source));
  ARROW_ASSIGN_OR_RAISE(auto source, OpenSource(folder, options.storage, kFetches));
  const auto& uris = static_cast<const arrow::StringArray&>(*photos.column(0));
  Sha256 sha;
  using Bytes = arrow::Result<std::shared_ptr<arrow::Buffer>>;
  for (int64_t first = 0; first < photos.num_rows(); first += kFetches) {
    const int64_t end = std::min(first + kFetches, photos.num_rows());
    std::vector<std::future<Bytes>> fetched;
    for (int64_t row = first; row < end; ++row) {
      ARROW_ASSIGN_OR_RAISE(Uri uri, Uri::Parse(uris.GetView(row)));
      auto promise = std::make_shared<std::promise<Bytes>>();
      fetched.push_back(promise->get_future());
      ImageRef photo;
      photo.uri = std::move(uri);
      photo.size = static_cast<const arrow::Int64Array&>(*photos.column(1)).Value(row);
      source->Fetch(std::move(photo),
                    [promise](Bytes bytes) { promise->set_value(std::move(bytes)); });
    }
    for (int64_t row = first; row < end; ++row) {
      ARROW_ASSIGN_OR_RAISE(const auto bytes, fetched[static_cast<size_t>(row - first)].get());
      sha.Update(std::string(PathBelow(uris.GetView(row), options.source)) + '\n' +
                 std::to_string(bytes->size()) + '\n');
      sha.Update({bytes->data(), static_cast<size_t>(bytes->size())});
    }
  }
  return "sha256:" + sha.Hex();
}

}  // namespace pomona
