#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace pomona::python {

/// Reads a stream on a thread of its own, which is kept for the next stream when this one ends, one
/// batch when asked: whoever asks can stop waiting, come back later, or end the stream at any time.
/// Thread-safe. Nothing here but Start needs the GIL; call without it, as a stream may itself wait
/// for Python.
class StreamWorker {
 public:
  /// `cancel`: ends a read that is under way; may be null. Call with the GIL. OutOfMemory: there is
  /// no thread.
  static arrow::Result<std::shared_ptr<StreamWorker>> Start(
      std::shared_ptr<arrow::RecordBatchReader> reader, std::function<void()> cancel);

  /// Lets go of a worker. In the child of a fork it stays: to destroy it there would be to wait for
  /// its thread, which is not there.
  static void Drop(std::shared_ptr<StreamWorker> worker);

  /// Closes.
  ~StreamWorker();

  /// The next batch; null at the end. Asks `interrupted` first, and now and then
  /// while it waits, and returns Cancelled if that is true; the read goes on, and the next call
  /// has its result. Error in the child of a fork.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Next(const std::function<bool()>& interrupted);

  /// Ends the stream and its threads. Waits for a read that is under way and has no `cancel`.
  void Close();

  /// Whether it was made before this process was forked off. Then its threads are not here.
  bool is_of_parent() const { return process_ != getpid(); }

  /// Closes every one that there is, for the end of the process. One that does not end within
  /// `patience`, as its source does not, is left behind.
  static void CloseAll(std::chrono::milliseconds patience);

 private:
  StreamWorker(std::shared_ptr<arrow::RecordBatchReader> reader, std::function<void()> cancel);
  void Work();
  void End();
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Read();
  void RequestClose();

  std::shared_ptr<arrow::RecordBatchReader> reader_;  ///< of the thread, once that runs
  const std::function<void()> cancel_;
  const pid_t process_;
  std::mutex callers_;  ///< one waits for a batch at a time
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false;
  bool closing_ = false;
  bool started_ = false;
  bool ended_ = false;
  std::optional<arrow::Result<std::shared_ptr<arrow::RecordBatch>>> result_;
};

}  // namespace pomona::python
