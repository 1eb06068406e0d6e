#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace pomona {

/// Bounds what is between the listing and the decoder: reads under way, and bytes
/// fetched (or asked for) that no decoder has taken yet. Who waits to enter is woken when a
/// quarter of the window is free, not for each read: a wake-up costs as much as reading a
/// small file. Thread-safe.
class FetchWindow {
 public:
  FetchWindow(int fetches, int64_t bytes) : max_fetches_(fetches), max_bytes_(bytes) {}

  /// Blocks until one more read of `size` bytes fits; false after Close. A read larger
  /// than the whole window passes when nothing else is in it.
  bool Enter(int64_t size) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return closed_ || (fetches_ < max_fetches_ && (bytes_ == 0 || bytes_ + size <= max_bytes_));
    });
    if (closed_) return false;
    ++fetches_;
    bytes_ += size;
    return true;
  }
  /// What a read of unknown size enters with: its share of the window, so that such reads
  /// alone neither fill the window before there are `fetches` of them nor exceed it.
  int64_t share() const { return max_bytes_ / max_fetches_; }
  /// A read that entered with `size` ended; its `arrived` bytes wait for a decoder.
  void Fetched(int64_t size, int64_t arrived) { Leave(1, size - arrived); }
  /// A decoder is done with them.
  void Decoded(int64_t size) { Leave(0, size); }
  void Close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  void Leave(int fetches, int64_t bytes) {
    bool roomy = false;
    {
      std::lock_guard lock(mutex_);
      fetches_ -= fetches;
      bytes_ -= bytes;
      roomy = fetches_ <= max_fetches_ - max_fetches_ / 4 && bytes_ <= max_bytes_ - max_bytes_ / 4;
    }
    if (roomy) changed_.notify_one();
  }

  const int max_fetches_;
  const int64_t max_bytes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int fetches_ = 0;
  int64_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace pomona
