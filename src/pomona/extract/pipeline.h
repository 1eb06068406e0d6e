#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "pomona/base/kept_threads.h"
#include "pomona/extract.h"
#include "pomona/extract/child_reader.h"
#include "pomona/extract/decode_workers.h"
#include "pomona/extract/fetch_window.h"
#include "pomona/extract/image_feed.h"
#include "pomona/extract/open_batches.h"
#include "pomona/extract/request_pool.h"
#include "pomona/image/image_reader.h"
#include "pomona/model/engine.h"

namespace pomona {

/// The hot path: fetch, decode, resize, infer.
///
///     feeder ──▶ FetchWindow ──▶ ImageFeed::Read ──▶ DecodeWorkers::Lane ──▶ workers
///                                                                      │ straight into the
///       ReadNext ◀── OpenBatches ◀── engine callback ◀── Engine ◀──────┘ request's input
///
/// A feeder thread of the extractor's, the feed's own threads, the decode workers of the
/// extractor, which also resize, and the engine's streams. Every bound is in one place:
/// OpenBatches (rows ahead), FetchWindow (reads and bytes in flight), RequestPool (images in the
/// engine).
class Pipeline : public FeatureReader {
 public:
  /// What the streams of an extractor share.
  struct Shared {
    const ExtractOptions& options;  ///< with every default filled in
    const RowShape& shape;
    RequestPool& requests;
    DecodeWorkers& workers;
    KeptThreads& feeders;
  };

  /// `apart`: images to decode in processes of their own. `keep_alive`: owns what is shared.
  Pipeline(std::unique_ptr<ImageFeed> feed, Shared shared, int64_t apart,
           std::shared_ptr<const void> keep_alive);

  /// Call once, before all else. OutOfMemory: there is no thread for the feeder.
  arrow::Status Start();

  ~Pipeline() override;

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override;
  void Cancel() override;
  ExtractCounters counters() const override;

 private:
  struct Encoded {
    FeatureBatch* batch;
    int64_t row;
    arrow::Result<std::shared_ptr<arrow::Buffer>> bytes;
    bool apart;
  };

  /// Calls `work`; its error, or what it throws, ends the stream.
  template <typename Work>
  void OrFail(Work&& work);
  void Feed();
  arrow::Status FeedBatches();
  arrow::Status FeedRow(FeatureBatch* batch, int64_t row);
  void Push(Encoded encoded);
  void Decode(ImageReader& reader, Encoded encoded);
  void InferViews(const Engine::Request& picture, FeatureBatch* batch, int64_t row);
  void Infer(Engine::Request* request, FeatureBatch* batch, int64_t row, int look);
  /// A row without features: a reject if the status is about the image, else the run's end.
  void Refuse(FeatureBatch* batch, int64_t row, const arrow::Status& status);

  const std::shared_ptr<const void> keep_alive_;
  std::unique_ptr<ImageFeed> feed_;
  const std::shared_ptr<arrow::Schema> schema_;
  const Shared shared_;
  const int64_t infer_ns_before_;
  int64_t apart_;  ///< images, of those not yet fed, that are decoded by child_reader_
  ChildReader child_reader_;
  OpenBatches batches_;
  FetchWindow window_;
  DecodeWorkers::Lane lane_;
  std::atomic<int64_t> images_{0};
  std::atomic<int64_t> rejects_{0};
  std::atomic<int64_t> decode_ns_{0};
  std::atomic<int64_t> resize_ns_{0};
  std::mutex running_mutex_;
  std::condition_variable ended_;
  int running_ = 0;  ///< requests of ours in the engine
  bool feeding_ = false;
  std::atomic<bool> stopping_{false};
};

}  // namespace pomona
