#pragma once

#include <arrow/result.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "pomona/image.h"
#include "pomona/image/image_reader.h"

namespace pomona {

/// The decode threads of an extractor, each with a reader that keeps its scratch memory. All
/// streams of the extractor share them, so that a stream starts none: each has a lane, and the
/// lanes that have work take turns, one image each. Thread-safe.
class DecodeWorkers {
 public:
  /// Decodes one image with the thread's reader. It must not throw, nor wait for its own stream.
  using Work = std::function<void(ImageReader&)>;

  /// What one stream has to decode, begun in its order. It has no bound of its own: what enters is
  /// bounded by whoever pushes (FetchWindow).
  class Lane {
   public:
    explicit Lane(DecodeWorkers& workers);
    ~Lane() { Close(); }
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    void Push(Work work);
    /// Drops the work that waits, and waits for what is under way: for nobody else's. Nothing may
    /// be pushed after that.
    void Close();

   private:
    friend class DecodeWorkers;
    DecodeWorkers& workers_;
    std::deque<Work> waiting_;
    int running_ = 0;
    bool open_ = true;
  };

  /// `threads`: at least 1; where the system gives fewer, those do the work. OutOfMemory: it gives
  /// none.
  static arrow::Result<std::unique_ptr<DecodeWorkers>> Start(int threads,
                                                             const ImageOptions& options);
  /// Every lane must be closed.
  ~DecodeWorkers();

  int count() const { return static_cast<int>(threads_.size()); }

 private:
  DecodeWorkers() = default;
  void Loop(ImageReader& reader);
  /// The lane whose turn it is; one has work.
  Lane& NextLane();

  std::mutex mutex_;  ///< of all below, and of the lanes
  std::condition_variable ready_;
  std::condition_variable lane_ended_;
  std::vector<Lane*> lanes_;
  size_t turn_ = 0;     ///< of lanes_: where the search for work begins
  size_t waiting_ = 0;  ///< in all lanes
  bool closed_ = false;
  std::vector<std::unique_ptr<ImageReader>> readers_;
  std::vector<std::thread> threads_;
};

}  // namespace pomona
