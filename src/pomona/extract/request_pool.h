#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

#include "pomona/base/clock.h"
#include "pomona/model/engine.h"

namespace pomona {

/// The engine's idle requests, and how busy its streams have been. Thread-safe.
class RequestPool {
 public:
  /// `streams`: images that the engine computes at once.
  RequestPool(Engine& engine, int streams);

  /// Blocks until a request is idle: not for long, since every one that is taken ends.
  Engine::Request* Acquire();
  /// Call just before Request::Start.
  void Started();
  /// Gives back a request that ended.
  void Ended(Engine::Request* request);
  /// Gives back a request that was not started.
  void Release(Engine::Request* request);
  /// The time for which each stream had an image to compute, summed over the streams.
  int64_t busy_ns();

 private:
  void Advance();

  const int streams_;
  std::mutex mutex_;
  std::condition_variable idle_again_;
  std::vector<Engine::Request*> idle_;
  int running_ = 0;
  int64_t busy_ns_ = 0;
  Clock::time_point last_ = Clock::now();
};

}  // namespace pomona
