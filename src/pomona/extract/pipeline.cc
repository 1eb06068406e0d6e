#include "pomona/extract/pipeline.h"

#include <algorithm>
#include <utility>

namespace pomona {
namespace {

// Batches ahead of the reader: enough that one slow read (a retry with back-off) does not
// stop the others, few enough that the features in work stay in tens of megabytes.
constexpr size_t kOpenBatches = 8;

/// "s3a://bucket" of "s3a://bucket/key", "file:" of "file:/dir/x.jpg".
std::string StoreOf(const std::string& uri) {
  const size_t colon = uri.find(':');
  if (colon == std::string::npos) return "";
  if (uri.compare(colon, 3, "://") != 0) return uri.substr(0, colon + 1);
  return uri.substr(0, uri.find('/', colon + 3));
}

}  // namespace

Pipeline::Pipeline(std::shared_ptr<arrow::RecordBatchReader> references,
                   const ExtractOptions& options, int feature_dim, RequestPool& requests,
                   std::shared_ptr<const void> keep_alive)
    : keep_alive_(std::move(keep_alive)),
      references_(std::move(references)),
      options_(options),
      feature_dim_(feature_dim),
      requests_(requests),
      infer_ns_before_(requests.busy_ns()),
      batches_(kOpenBatches),
      window_(options.fetches, options.memory_bytes) {
  for (int i = 0; i < options_.threads; ++i) {
    workers_.emplace_back([this] { DecodeLoop(); });
  }
  feeder_ = std::thread([this] { Feed(); });
}

Pipeline::~Pipeline() {
  stopping_ = true;
  batches_.Stop();
  window_.Close();
  feeder_.join();
  sources_.clear();  // waits for the reads under way: their callbacks use what follows
  encoded_.Close();
  for (auto& worker : workers_) worker.join();
  std::unique_lock lock(running_mutex_);
  none_running_.wait(lock, [&] { return running_ == 0; });
}

void Pipeline::Feed() {
  if (auto status = FeedBatches(); !status.ok()) batches_.Fail(std::move(status));
  batches_.Close();
}

arrow::Status Pipeline::FeedBatches() {
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> references;
    ARROW_RETURN_NOT_OK(references_->ReadNext(&references));
    if (references == nullptr) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(auto made, FeatureBatch::Make(std::move(references), feature_dim_));
    const int64_t rows = made->rows();
    FeatureBatch* batch = batches_.Add(std::move(made));
    if (batch == nullptr) return arrow::Status::OK();
    // The batch may leave, and die, with its last row: do not look at it after that.
    for (int64_t row = 0; row < rows; ++row) ARROW_RETURN_NOT_OK(FeedRow(batch, row));
  }
}

arrow::Status Pipeline::FeedRow(FeatureBatch* batch, int64_t row) {
  ImageRef reference = batch->reference(row);
  ARROW_ASSIGN_OR_RAISE(Source * source, SourceOf(reference.uri));
  const int64_t size = reference.size;
  if (!window_.Enter(size)) return arrow::Status::Cancelled("extraction was stopped");
  source->Fetch(std::move(reference), [this, batch, row, size](auto bytes) {
    window_.Fetched();
    encoded_.Push(Encoded{batch, row, size, std::move(bytes)});
  });
  return arrow::Status::OK();
}

arrow::Result<Source*> Pipeline::SourceOf(const std::string& uri) {
  const std::string store = StoreOf(uri);
  std::lock_guard lock(sources_mutex_);
  auto& source = sources_[store];
  if (source == nullptr) {
    ARROW_ASSIGN_OR_RAISE(source, OpenSource(uri, options_.storage, options_.fetches));
  }
  return source.get();
}

void Pipeline::DecodeLoop() {
  ImageReader reader(options_.image);
  int64_t decode_ns = 0;
  int64_t resize_ns = 0;
  while (auto encoded = encoded_.Pop()) {
    Decode(reader, std::move(*encoded));
    decode_ns_ += reader.decode_ns() - std::exchange(decode_ns, reader.decode_ns());
    resize_ns_ += reader.resize_ns() - std::exchange(resize_ns, reader.resize_ns());
  }
}

void Pipeline::Decode(ImageReader& reader, Encoded encoded) {
  arrow::Status status = encoded.bytes.status();
  Engine::Request* request = nullptr;
  if (status.ok()) {
    if (stopping_) return;
    request = requests_.Acquire();
    const auto& buffer = **encoded.bytes;
    status = reader.Read({buffer.data(), static_cast<size_t>(buffer.size())}, request->pixels());
  }
  encoded.bytes = std::shared_ptr<arrow::Buffer>();
  window_.Decoded(encoded.reserved);
  if (status.ok()) {
    Infer(request, encoded.batch, encoded.row);
  } else {
    if (request != nullptr) requests_.Release(request);
    Refuse(encoded.batch, encoded.row, status);
  }
}

void Pipeline::Infer(Engine::Request* request, FeatureBatch* batch, int64_t row) {
  {
    std::lock_guard lock(running_mutex_);
    ++running_;
  }
  requests_.Started();
  request->Start([this, request, batch, row](const arrow::Status& status) {
    if (status.ok()) {
      images_.fetch_add(1, std::memory_order_relaxed);
      if (batch->SetFeatures(row, request->features())) batches_.Wake();
    } else {
      Refuse(batch, row, status);
    }
    requests_.Ended(request);
    // Notified under the lock: after it, the pipeline may be destroyed.
    std::lock_guard lock(running_mutex_);
    if (--running_ == 0) none_running_.notify_all();
  });
}

void Pipeline::Refuse(FeatureBatch* batch, int64_t row, const arrow::Status& status) {
  const auto reason = RejectReasonOf(status);
  if (!reason) {
    // Name the image: whatever went wrong, it went wrong here.
    batches_.Fail(status.WithMessage(status.message(), " (at ", batch->reference(row).uri, ")"));
    return;
  }
  rejects_.fetch_add(1, std::memory_order_relaxed);
  if (batch->SetReject(row, *reason, status.message())) batches_.Wake();
}

arrow::Status Pipeline::ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) {
  ARROW_ASSIGN_OR_RAISE(auto done, batches_.Next(options_.stop));
  if (done == nullptr) {
    batch->reset();
    return arrow::Status::OK();
  }
  return done->Finish().Value(batch);
}

ExtractCounters Pipeline::counters() const {
  ExtractCounters counters{
      .images = images_,
      .rejects = rejects_,
      .decode_ns = decode_ns_,
      .resize_ns = resize_ns_,
      .infer_ns = requests_.busy_ns() - infer_ns_before_,
      .streams = options_.threads,
      .workers = options_.threads,
  };
  std::lock_guard lock(sources_mutex_);
  for (const auto& [store, source] : sources_) {
    const FetchCounters fetched = source->counters();
    counters.bytes += fetched.bytes;
    counters.requests += fetched.requests;
    counters.retries += fetched.retries;
    counters.fetch_ns += fetched.busy_ns;
  }
  return counters;
}

}  // namespace pomona
