#include "pomona/extract/pipeline.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "pomona/base/guarded.h"
#include "pomona/image/turn_square.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

// Batches ahead of the reader: enough that one slow read (a retry with back-off) does not
// stop the others, few enough that the features in work stay in tens of megabytes: so there
// is a bound in rows, kRowsAhead, too, for batches larger than ours, and one in bytes for rows of
// many features.
constexpr size_t kOpenBatches = 8;
constexpr int64_t kOpenBytes = int64_t{64} << 20;

}  // namespace

Pipeline::Pipeline(std::unique_ptr<ImageFeed> feed, Shared shared, int64_t apart,
                   std::shared_ptr<const void> keep_alive)
    : keep_alive_(std::move(keep_alive)),
      feed_(std::move(feed)),
      schema_(WithFeatures(*feed_->schema(), shared.shape.has_views_column())),
      shared_(shared),
      infer_ns_before_(shared.requests.busy_ns()),
      apart_(apart),
      child_reader_(shared.options.image),
      batches_(kOpenBatches, std::min(kRowsAhead, kOpenBytes / shared.shape.bytes())),
      window_(shared.options.fetches, shared.options.memory_bytes),
      lane_(shared.workers) {}

arrow::Status Pipeline::Start() {
  feeding_ = true;
  auto status = shared_.feeders.Run([this] { Feed(); },
                                    [this] {
                                      // Notified under the lock, as in Infer.
                                      std::lock_guard lock(running_mutex_);
                                      feeding_ = false;
                                      ended_.notify_all();
                                    });
  if (!status.ok()) feeding_ = false;
  return status;
}

Pipeline::~Pipeline() {
  stopping_ = true;
  batches_.Stop();
  window_.Close();
  std::unique_lock lock(running_mutex_);
  ended_.wait(lock, [&] { return !feeding_; });
  lock.unlock();
  feed_.reset();  // waits for the reads under way: their callbacks use what follows
  lane_.Close();
  lock.lock();
  ended_.wait(lock, [&] { return running_ == 0; });
}

void Pipeline::Feed() {
  auto status = Guarded([this] { return FeedBatches(); });
  if (!status.ok()) batches_.Fail(std::move(status));
  batches_.Close();
}

arrow::Status Pipeline::FeedBatches() {
  for (;;) {
    auto next = feed_->Next();
    if (!next.ok()) {
      // What came before it is whole: it is delivered first.
      batches_.Close(next.status());
      return arrow::Status::OK();
    }
    auto images = *std::move(next);
    if (images == nullptr) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(auto made, FeatureBatch::Make(std::move(images), shared_.shape));
    const int64_t rows = made->rows();
    FeatureBatch* batch = batches_.Add(std::move(made));
    if (batch == nullptr) return arrow::Status::OK();
    // The batch may leave, and die, with its last row: do not look at it after that.
    for (int64_t row = 0; row < rows; ++row) ARROW_RETURN_NOT_OK(FeedRow(batch, row));
  }
}

arrow::Status Pipeline::FeedRow(FeatureBatch* batch, int64_t row) {
  const bool apart = apart_ > 0;
  if (apart) --apart_;
  const int64_t known = feed_->size(row);
  if (known > shared_.options.image.max_bytes) {
    Push(Encoded{batch, row, TooManyBytes(known, shared_.options.image.max_bytes), apart});
    return arrow::Status::OK();
  }
  if (known != kUnknownSize && known > shared_.options.image.max_image_memory) {
    Refuse(batch, row,
           Rejected(RejectReason::kTooMuchMemory,
                    "image has " + std::to_string(known) + " bytes, the limit is " +
                        std::to_string(shared_.options.image.max_image_memory)));
    return arrow::Status::OK();
  }
  const int64_t size = known == kUnknownSize ? window_.share() : known;
  if (!window_.Enter(size)) return arrow::Status::Cancelled("extraction was stopped");
  return feed_->Read(row, [this, batch, row, size, apart](auto bytes) {
    window_.Fetched(size, bytes.ok() ? (*bytes)->size() : 0);
    OrFail([&] {
      Push(Encoded{batch, row, std::move(bytes), apart});
      return arrow::Status::OK();
    });
  });
}

template <typename Work>
void Pipeline::OrFail(Work&& work) {
  auto status = Guarded(std::forward<Work>(work));
  if (!status.ok()) batches_.Fail(std::move(status));
}

void Pipeline::Push(Encoded encoded) {
  lane_.Push([this, encoded = std::move(encoded)](ImageReader& reader) mutable {
    OrFail([&] {
      const int64_t decode_ns = reader.decode_ns();
      const int64_t resize_ns = reader.resize_ns();
      Decode(reader, std::move(encoded));
      decode_ns_ += reader.decode_ns() - decode_ns;
      resize_ns_ += reader.resize_ns() - resize_ns;
      return arrow::Status::OK();
    });
  });
}

void Pipeline::Decode(ImageReader& reader, Encoded encoded) {
  arrow::Status status = encoded.bytes.status();
  Engine::Request* request = nullptr;
  if (status.ok()) {
    if (stopping_) return;
    request = shared_.requests.Acquire();
    std::shared_ptr<arrow::Buffer> bytes = *std::move(encoded.bytes);
    const int64_t size = bytes->size();
    const std::span<const uint8_t> image(bytes->data(), static_cast<size_t>(size));
    // Whatever happens, the request is given back: others wait for it.
    status = Guarded([&]() -> arrow::Status {
      return encoded.apart ? child_reader_.Read(reader, image, request->pixels())
                           : reader.Read(image, request->pixels());
    });
    bytes.reset();
    window_.Decoded(size);
  }
  if (status.ok()) {
    status = Guarded([&] {
      InferViews(*request, encoded.batch, encoded.row);
      Infer(request, encoded.batch, encoded.row, /*look=*/0);
      return arrow::Status::OK();
    });
    if (status.ok()) return;
  }
  if (request != nullptr) shared_.requests.Release(request);
  Refuse(encoded.batch, encoded.row, status);
}

/// While `picture`, whose pixels they are turned from, is not started yet. Requests for them are
/// not waited for in vain: each worker holds one that is not started, and there are two a worker.
void Pipeline::InferViews(const Engine::Request& picture, FeatureBatch* batch, int64_t row) {
  for (int look = 1; look < shared_.shape.looks(); ++look) {
    Engine::Request* request = shared_.requests.Acquire();
    try {
      image::TurnSquare(shared_.shape.views[static_cast<size_t>(look - 1)],
                        shared_.options.image.width, picture.pixels(), request->pixels());
      Infer(request, batch, row, look);
    } catch (...) {
      shared_.requests.Release(request);
      throw;
    }
  }
}

void Pipeline::Infer(Engine::Request* request, FeatureBatch* batch, int64_t row, int look) {
  // Made before it is counted: to make it takes memory.
  std::function<void(arrow::Status)> done = [this, request, batch, row,
                                             look](arrow::Status status) {
    OrFail([&] {
      if (status.ok()) {
        if (look == 0) images_.fetch_add(1, std::memory_order_relaxed);
        if (batch->SetFeatures(row, look, request->features())) batches_.Wake();
      } else {
        Refuse(batch, row, status);
      }
      return arrow::Status::OK();
    });
    shared_.requests.Ended(request);
    // Notified under the lock: after it, the pipeline may be destroyed.
    std::lock_guard lock(running_mutex_);
    if (--running_ == 0) ended_.notify_all();
  };
  {
    std::lock_guard lock(running_mutex_);
    ++running_;
  }
  shared_.requests.Started();
  request->Start(std::move(done));
}

void Pipeline::Refuse(FeatureBatch* batch, int64_t row, const arrow::Status& status) {
  const auto reason = RejectReasonOf(status);
  if (!reason) {
    // Name the image: whatever went wrong, it went wrong here.
    batches_.Fail(status.WithMessage(status.message(), " (at ", ShownUri(batch->name(row)), ")"));
    return;
  }
  rejects_.fetch_add(1, std::memory_order_relaxed);
  if (batch->SetReject(row, *reason, status.message())) batches_.Wake();
}

arrow::Status Pipeline::ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) {
  ARROW_ASSIGN_OR_RAISE(auto done, batches_.Next(shared_.options.stop));
  if (done == nullptr) {
    batch->reset();
    return arrow::Status::OK();
  }
  return done->Finish().Value(batch);
}

void Pipeline::Cancel() {
  stopping_ = true;
  batches_.Fail(arrow::Status::Cancelled("the stream was closed"));
  window_.Close();
}

ExtractCounters Pipeline::counters() const {
  const FetchCounters fetched = feed_->counters();
  return ExtractCounters{
      .images = images_,
      .rejects = rejects_,
      .bytes = fetched.bytes,
      .requests = fetched.requests,
      .retries = fetched.retries,
      .fetch_ns = fetched.busy_ns,
      .decode_ns = decode_ns_,
      .resize_ns = resize_ns_,
      .infer_ns = shared_.requests.busy_ns() - infer_ns_before_,
      .streams = shared_.options.threads,
      .workers = shared_.workers.count(),
  };
}

}  // namespace pomona
