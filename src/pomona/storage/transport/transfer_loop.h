#pragma once

#include <arrow/result.h>
#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace pomona {

/// One HTTP request with its tries. The loop owns it and calls it on its own thread only.
class Transfer {
 public:
  virtual ~Transfer() = default;

  /// Describes the next try: URL and header list, which must live until End. False: it cannot
  /// be described; GiveUp follows.
  virtual bool Begin(CURL* easy) = 0;

  /// One line of the answer's head, without its end.
  virtual void OnHeader(std::string_view line) = 0;

  /// A piece of the answer's body. False ends the try.
  virtual bool OnBody(const char* data, size_t size) = 0;

  /// The try is over. The delay before another one; nullopt if the transfer has reported its
  /// result and may be destroyed.
  virtual std::optional<std::chrono::milliseconds> End(CURL* easy, CURLcode code) = 0;

  /// There will be no other try: report the error.
  virtual void GiveUp() = 0;

  /// True: nobody waits for it once the loop is being destroyed. It is given up then.
  virtual bool EndsWithLoop() const { return false; }
};

struct TransferLoopOptions {
  int connections = 64;  ///< open at once, and transfers under way at once, at most
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds request_timeout{30'000};
  bool use_proxy = true;  ///< false: whatever the environment says
};

/// Runs transfers on one thread: libcurl's multi interface on epoll, with connections kept
/// alive and handles used again. A delay before a retry holds up nobody else.
class TransferLoop {
 public:
  static arrow::Result<std::unique_ptr<TransferLoop>> Start(const TransferLoopOptions& options);

  /// Transfers under way are finished but for those that end with the loop, delayed retries are
  /// given up.
  ~TransferLoop();

  /// Returns at once. Thread-safe, also from within a Transfer.
  void Submit(std::unique_ptr<Transfer> transfer);

  /// CPU time of the thread so far. Thread-safe.
  int64_t busy_ns() const;

 private:
  class Impl;
  explicit TransferLoop(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pomona
