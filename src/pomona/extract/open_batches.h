#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

#include "pomona/extract/feature_batch.h"

namespace pomona {

/// The batches in work, in order: they fill in any order and leave in theirs.
/// Add by one thread, Next by one thread, the rest by any.
class OpenBatches {
 public:
  explicit OpenBatches(size_t most) : most_(most) {}

  /// Blocks while `most` batches are open. nullptr after Stop.
  FeatureBatch* Add(std::unique_ptr<FeatureBatch> batch);
  /// No batch will be added.
  void Close();
  /// Something ended the run: Next returns it once no finished batch is in front.
  void Fail(arrow::Status status);
  /// A batch became done.
  void Wake();
  /// Wakes Add for good.
  void Stop();

  /// The batch in front, when it is done; nullptr after Close and the last one.
  /// Cancelled soon after `stop` is asked for.
  arrow::Result<std::unique_ptr<FeatureBatch>> Next(const arrow::StopToken& stop);

 private:
  const size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<FeatureBatch>> batches_;
  bool closed_ = false;
  bool stopped_ = false;
  arrow::Status failure_;
};

}  // namespace pomona
