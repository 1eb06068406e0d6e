#include "pomona/extract/request_pool.h"

#include <algorithm>

namespace pomona {

RequestPool::RequestPool(Engine& engine, int streams) : streams_(streams) {
  for (int i = engine.request_count() - 1; i >= 0; --i) idle_.push_back(&engine.request(i));
}

Engine::Request* RequestPool::Acquire() {
  std::unique_lock lock(mutex_);
  idle_again_.wait(lock, [&] { return !idle_.empty(); });
  Engine::Request* request = idle_.back();
  idle_.pop_back();
  return request;
}

void RequestPool::Started() {
  std::lock_guard lock(mutex_);
  Advance();
  ++running_;
}

void RequestPool::Ended(Engine::Request* request) {
  {
    std::lock_guard lock(mutex_);
    Advance();
    --running_;
    idle_.push_back(request);
  }
  idle_again_.notify_one();
}

void RequestPool::Release(Engine::Request* request) {
  std::lock_guard lock(mutex_);
  idle_.push_back(request);
  idle_again_.notify_one();
}

int64_t RequestPool::busy_ns() {
  std::lock_guard lock(mutex_);
  Advance();
  return busy_ns_;
}

void RequestPool::Advance() {
  const auto now = Clock::now();
  busy_ns_ += std::chrono::nanoseconds(now - last_).count() * std::min(running_, streams_);
  last_ = now;
}

}  // namespace pomona
