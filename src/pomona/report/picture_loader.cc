#include "pomona/report/picture_loader.h"

#include <arrow/array/array_binary.h>
#include <arrow/array/util.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <thread>

#include "pomona/base/guarded.h"
#include "pomona/extract/fetch_window.h"
#include "pomona/list.h"
#include "pomona/reject.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;
using Bytes = Result<std::shared_ptr<arrow::Buffer>>;

/// A picture is worth less than the page: a store that fails is not asked for long.
constexpr int kMostAttempts = 3;

/// The code of a reject, or what else the store said.
std::string ReasonOf(const Status& status) {
  const auto reason = RejectReasonOf(status);
  return std::string(RejectCode(reason.value_or(RejectReason::kIoError)));
}

/// A reader a thread, as readers keep their buffers.
ImageReader& ReaderOfThisThread(const ImageOptions& options) {
  thread_local std::unique_ptr<ImageReader> reader;
  if (reader == nullptr) reader = std::make_unique<ImageReader>(options);
  return *reader;
}

Result<SpriteCell> Decode(const Bytes& bytes, const ImageOptions& options) {
  ARROW_RETURN_NOT_OK(bytes.status());
  SpriteCell pixels(size_t{3} * SpriteLayout::kSide * SpriteLayout::kSide);
  const std::span<const uint8_t> encoded((*bytes)->data(), static_cast<size_t>((*bytes)->size()));
  ARROW_ASSIGN_OR_RAISE(const ImageSize size,
                        ReaderOfThisThread(options).ReadFitted(encoded, pixels.data()));
  return CentredCell(pixels.data(), size.width, size.height);
}

}  // namespace

PictureLoader::PictureLoader(PathOf path_of, const StorageOptions& storage, int threads)
    : path_of_(std::move(path_of)), storage_(storage), team_(threads) {
  storage_.max_attempts = std::min(storage_.max_attempts, kMostAttempts);
  image_.width = image_.height = SpriteLayout::kSide;
  image_.max_bytes = kFetchedBytes;
  image_.exif_rotate = true;
  image_.dct_scaling = true;
  image_.background = {255, 255, 255};
}

Result<std::unique_ptr<ReferenceFeed>> PictureLoader::FeedOf(std::span<const int64_t> rows) const {
  arrow::StringBuilder uris;
  for (const int64_t row : rows) ARROW_RETURN_NOT_OK(uris.Append(path_of_(row)));
  const auto count = static_cast<int64_t>(rows.size());
  arrow::ArrayVector columns(1);
  ARROW_RETURN_NOT_OK(uris.Finish(&columns.front()));
  const auto schema = ReferenceSchema();
  for (int i = 1; i < schema->num_fields(); ++i) {
    ARROW_ASSIGN_OR_RAISE(columns.emplace_back(),
                          arrow::MakeArrayOfNull(schema->field(i)->type(), count));
  }
  ARROW_ASSIGN_OR_RAISE(auto reader,
                        arrow::RecordBatchReader::Make(
                            {arrow::RecordBatch::Make(schema, count, std::move(columns))}, schema));
  ARROW_ASSIGN_OR_RAISE(
      auto feed, ReferenceFeed::Make(std::move(reader), storage_, kFetches, image_.max_bytes));
  ARROW_RETURN_NOT_OK(feed->Next().status());
  return feed;
}

Result<std::vector<std::optional<SpriteCell>>> PictureLoader::Load(std::span<const int64_t> rows,
                                                                   const arrow::StopToken& stop) {
  ARROW_ASSIGN_OR_RAISE(const auto feed, FeedOf(rows));
  FetchWindow window(kFetches, kFetchedBytes);
  const int64_t share = window.share();
  std::vector<std::promise<Bytes>> fetched(rows.size());
  // Asks for all in their order; the team waits for each in the same order, so both come to an end.
  ARROW_ASSIGN_OR_RAISE(std::thread feeder, StartThread([&] {
                          for (size_t i = 0; i < rows.size(); ++i) {
                            window.Enter(share);
                            const auto done = [&, i](Bytes bytes) {
                              window.Fetched(share, bytes.ok() ? (*bytes)->size() : 0);
                              fetched[i].set_value(std::move(bytes));
                            };
                            if (stop.IsStopRequested()) {
                              done(stop.Poll());
                              continue;
                            }
                            const auto asked =
                                Guarded([&] { return feed->Read(static_cast<int64_t>(i), done); });
                            if (!asked.ok()) done(asked);
                          }
                        }));
  std::vector<Result<SpriteCell>> decoded(rows.size());
  team_.Run(static_cast<int64_t>(rows.size()), [&](int64_t i) {
    const auto at = static_cast<size_t>(i);
    const Bytes bytes = fetched[at].get_future().get();
    decoded[at] = Guarded([&] { return Decode(bytes, image_); });
    window.Decoded(bytes.ok() ? (*bytes)->size() : 0);
  });
  feeder.join();
  ARROW_RETURN_NOT_OK(stop.Poll());
  std::vector<std::optional<SpriteCell>> cells;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (decoded[i].ok()) {
      cells.emplace_back(*std::move(decoded[i]));
      continue;
    }
    cells.emplace_back(std::nullopt);
    const std::string reason = ReasonOf(decoded[i].status());
    auto known = std::ranges::find(troubles_, reason, &Trouble::reason);
    if (known == troubles_.end()) {
      known = troubles_.insert(known, {.reason = reason,
                                       .path = std::string(path_of_(rows[i])),
                                       .message = decoded[i].status().message(),
                                       .count = 0});
    }
    ++known->count;
  }
  return cells;
}

std::vector<std::string> PictureLoader::Troubles() const {
  std::vector<std::string> told;
  for (const Trouble& one : troubles_) {
    told.push_back(fmt::format("{} pictures cannot be shown ({}), such as {}: {}", one.count,
                               one.reason, ShownUri(one.path), ShownText(one.message)));
  }
  return told;
}

}  // namespace pomona
