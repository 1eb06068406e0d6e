#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "pomona/extract.h"
#include "pomona/extract/child_reader.h"
#include "pomona/extract/fetch_window.h"
#include "pomona/extract/image_feed.h"
#include "pomona/extract/open_batches.h"
#include "pomona/extract/request_pool.h"
#include "pomona/extract/work_queue.h"
#include "pomona/image/image_reader.h"
#include "pomona/model/engine.h"

namespace pomona {

/// The hot path: fetch, decode, resize, infer.
///
///     feeder ──▶ FetchWindow ──▶ ImageFeed::Read ──▶ WorkQueue ──▶ decode workers
///                                                                      │ straight into the
///       ReadNext ◀── OpenBatches ◀── engine callback ◀── Engine ◀──────┘ request's input
///
/// One feeder thread, the feed's own threads, `threads` decode workers that also
/// resize, and the engine's streams. Every bound is in one place: OpenBatches (rows
/// ahead), FetchWindow (reads and bytes in flight), RequestPool (images in the engine).
class Pipeline : public FeatureReader {
 public:
  /// `options`: with every default filled in. `apart`: images to decode in processes of their
  /// own. `keep_alive`: owns the others.
  Pipeline(std::unique_ptr<ImageFeed> feed, const ExtractOptions& options, int feature_dim,
           RequestPool& requests, int64_t apart, std::shared_ptr<const void> keep_alive);

  /// Call once, before all else. OutOfMemory: there are no threads.
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

  /// Does `work`, and ends the stream with its error, or with what it throws.
  template <typename Work>
  void OrFail(Work&& work);
  void Feed();
  arrow::Status FeedBatches();
  arrow::Status FeedRow(FeatureBatch* batch, int64_t row);
  void DecodeLoop();
  void Decode(ImageReader& reader, Encoded encoded);
  void Infer(Engine::Request* request, FeatureBatch* batch, int64_t row);
  /// A row without features: a reject if the status is about the image, else the run's end.
  void Refuse(FeatureBatch* batch, int64_t row, const arrow::Status& status);

  const std::shared_ptr<const void> keep_alive_;
  std::unique_ptr<ImageFeed> feed_;
  const std::shared_ptr<arrow::Schema> schema_;
  const ExtractOptions& options_;
  const int feature_dim_;
  RequestPool& requests_;
  const int64_t infer_ns_before_;
  int64_t apart_;  ///< images, of those not yet fed, that are decoded by child_reader_
  ChildReader child_reader_;
  OpenBatches batches_;
  FetchWindow window_;
  WorkQueue<Encoded> encoded_;
  std::atomic<int64_t> images_{0};
  std::atomic<int64_t> rejects_{0};
  std::atomic<int64_t> decode_ns_{0};
  std::atomic<int64_t> resize_ns_{0};
  std::mutex running_mutex_;
  std::condition_variable none_running_;
  int running_ = 0;  ///< requests of ours in the engine
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> workers_;
  std::thread feeder_;
};

}  // namespace pomona
