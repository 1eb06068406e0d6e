#include "pomona/extract/source_side.h"

#include <arrow/array.h>

#include <algorithm>
#include <span>
#include <vector>

#include "pomona/image/image_reader.h"
#include "pomona/reject.h"
#include "pomona/source/fetch_rows.h"

namespace pomona {
namespace {

/// Collects shorter sides.
class Sides {
 public:
  explicit Sides(const ImageOptions& options) : reader_(Complete(options)) {}

  void Add(const uint8_t* data, int64_t size) {
    const auto found = reader_.Size({data, static_cast<size_t>(size)});
    if (found.ok()) sides_.push_back(std::min(found->width, found->height));
  }

  std::optional<int> Median() {
    if (sides_.empty()) return std::nullopt;
    const auto middle = sides_.begin() + static_cast<std::ptrdiff_t>(sides_.size() / 2);
    std::nth_element(sides_.begin(), middle, sides_.end());
    return *middle;
  }

 private:
  /// A reader wants a size to resize to, which nothing is here.
  static ImageOptions Complete(ImageOptions options) {
    options.width = options.height = 1;
    return options;
  }

  ImageReader reader_;
  std::vector<int> sides_;
};

}  // namespace

arrow::Result<std::optional<int>> SourceSide(const arrow::RecordBatch& references,
                                             const StorageOptions& storage,
                                             const ImageOptions& options) {
  const auto first = references.Slice(0, kImagesLookedAt);
  if (first->num_rows() == 0) return std::nullopt;
  const auto& uris = static_cast<const arrow::StringArray&>(*first->column(0));
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(uris.GetView(0)));
  ARROW_ASSIGN_OR_RAISE(auto source, OpenSource(uri, storage, kImagesLookedAt));
  ARROW_ASSIGN_OR_RAISE(const auto images, FetchRows(*source, *first, options.max_bytes));
  Sides sides(options);
  for (const auto& image : images) {
    if (image.ok()) {
      sides.Add((*image)->data(), (*image)->size());
    } else if (!RejectReasonOf(image.status())) {
      return image.status();
    }
  }
  return sides.Median();
}

std::optional<int> SideOfImages(const arrow::RecordBatch& images, const ImageOptions& options) {
  const auto& encoded = static_cast<const arrow::BinaryArray&>(*images.column(0));
  Sides sides(options);
  for (int64_t row = 0; row < std::min(images.num_rows(), kImagesLookedAt); ++row) {
    const auto image = encoded.GetView(row);
    sides.Add(reinterpret_cast<const uint8_t*>(image.data()), static_cast<int64_t>(image.size()));
  }
  return sides.Median();
}

}  // namespace pomona
