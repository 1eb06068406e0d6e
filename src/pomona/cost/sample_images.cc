#include "pomona/cost/sample_images.h"

#include <arrow/api.h>

#include <utility>

#include "pomona/demo/fruit.h"
#include "pomona/demo/fruit_jpeg.h"
#include "pomona/reject.h"
#include "pomona/source/fetch_rows.h"
#include "pomona/source/source.h"

namespace pomona {
namespace {

constexpr int kFetches = 32;
constexpr int64_t kSampleImages = 512;  // enough for their sizes to even out

std::shared_ptr<arrow::Schema> Schema() {
  return arrow::schema({arrow::field("content", arrow::binary())});
}

}  // namespace

arrow::Result<std::shared_ptr<arrow::RecordBatch>> FirstImages(const ListOptions& options,
                                                               int64_t most_bytes,
                                                               int64_t max_bytes) {
  ListOptions few = options;
  few.batch_rows = kFetches;
  ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(options.source));
  ARROW_ASSIGN_OR_RAISE(auto listing, ListImages(few));
  ARROW_ASSIGN_OR_RAISE(auto source, OpenSource(uri, options.storage, kFetches));
  arrow::BinaryBuilder images;
  arrow::Status refusal = arrow::Status::Invalid("there are none");
  bool full = false;
  while (!full && images.length() < kSampleImages) {
    std::shared_ptr<arrow::RecordBatch> references;
    ARROW_RETURN_NOT_OK(listing->ReadNext(&references));
    if (references == nullptr) break;
    const auto& sizes = static_cast<const arrow::Int64Array&>(*references->column(1));
    int64_t asked = images.value_data_length();
    int64_t rows = 0;
    for (; rows < references->num_rows() && !full; ++rows) {
      asked += sizes.Value(rows);
      full = asked > most_bytes;
      if (full && (images.length() > 0 || rows > 0)) break;
    }
    ARROW_ASSIGN_OR_RAISE(const auto fetched,
                          FetchRows(*source, *references->Slice(0, rows), max_bytes));
    for (const auto& image : fetched) {
      if (!image.ok()) {
        if (!RejectReasonOf(image.status())) return image.status();
        refusal = image.status();
        continue;
      }
      ARROW_RETURN_NOT_OK(images.Append((*image)->data(), (*image)->size()));
    }
  }
  if (images.length() == 0) {
    return arrow::Status::Invalid("no image of ", options.source,
                                  " can be read to calibrate with: ", refusal.message());
  }
  ARROW_ASSIGN_OR_RAISE(auto column, images.Finish());
  return arrow::RecordBatch::Make(Schema(), column->length(), {column});
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> DrawnImages() {
  constexpr int kOfEachFruit = 8;
  arrow::BinaryBuilder images;
  for (uint64_t seed = 0; seed < kOfEachFruit; ++seed) {
    for (const Fruit& fruit : Fruits()) {
      ARROW_ASSIGN_OR_RAISE(const std::string jpeg, FruitJpeg(fruit, seed));
      ARROW_RETURN_NOT_OK(images.Append(jpeg));
    }
  }
  ARROW_ASSIGN_OR_RAISE(auto column, images.Finish());
  return arrow::RecordBatch::Make(Schema(), column->length(), {column});
}

}  // namespace pomona
