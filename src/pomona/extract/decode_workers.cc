#include "pomona/extract/decode_workers.h"

#include <algorithm>
#include <utility>

#include "pomona/base/guarded.h"

namespace pomona {

arrow::Result<std::unique_ptr<DecodeWorkers>> DecodeWorkers::Start(int threads,
                                                                   const ImageOptions& options) {
  std::unique_ptr<DecodeWorkers> workers(new DecodeWorkers);
  const auto status = Guarded([&]() -> arrow::Status {
    workers->threads_.reserve(static_cast<size_t>(threads));
    for (int i = 0; i < threads; ++i) {
      workers->readers_.push_back(std::make_unique<ImageReader>(options));
      ARROW_ASSIGN_OR_RAISE(auto thread, StartThread([workers = workers.get(),
                                                      reader = workers->readers_.back().get()] {
                              workers->Loop(*reader);
                            }));
      workers->threads_.push_back(std::move(thread));
    }
    return arrow::Status::OK();
  });
  if (workers->threads_.empty()) return status;
  return workers;
}

DecodeWorkers::~DecodeWorkers() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  ready_.notify_all();
  for (auto& thread : threads_) thread.join();
}

DecodeWorkers::Lane& DecodeWorkers::NextLane() {
  for (;;) {
    if (turn_ >= lanes_.size()) turn_ = 0;
    Lane& lane = *lanes_[turn_++];
    if (!lane.waiting_.empty()) return lane;
  }
}

void DecodeWorkers::Loop(ImageReader& reader) {
  std::unique_lock lock(mutex_);
  for (;;) {
    ready_.wait(lock, [&] { return closed_ || waiting_ > 0; });
    if (closed_) return;
    Lane& lane = NextLane();
    Work work = std::move(lane.waiting_.front());
    lane.waiting_.pop_front();
    --waiting_;
    ++lane.running_;
    lock.unlock();
    work(reader);
    work = nullptr;  // what it holds may be the stream's
    lock.lock();
    // Told under the lock: after it, the lane may be destroyed.
    if (--lane.running_ == 0 && !lane.open_) lane_ended_.notify_all();
  }
}

DecodeWorkers::Lane::Lane(DecodeWorkers& workers) : workers_(workers) {
  std::lock_guard lock(workers_.mutex_);
  workers_.lanes_.push_back(this);
}

void DecodeWorkers::Lane::Push(Work work) {
  {
    std::lock_guard lock(workers_.mutex_);
    waiting_.push_back(std::move(work));
    ++workers_.waiting_;
  }
  workers_.ready_.notify_one();
}

void DecodeWorkers::Lane::Close() {
  std::deque<Work> dropped;  // destroyed without the lock
  std::unique_lock lock(workers_.mutex_);
  if (!std::exchange(open_, false)) return;
  dropped.swap(waiting_);
  workers_.waiting_ -= dropped.size();
  const auto place = std::find(workers_.lanes_.begin(), workers_.lanes_.end(), this);
  if (place - workers_.lanes_.begin() < static_cast<std::ptrdiff_t>(workers_.turn_)) {
    --workers_.turn_;
  }
  workers_.lanes_.erase(place);
  workers_.lane_ended_.wait(lock, [&] { return running_ == 0; });
}

}  // namespace pomona
