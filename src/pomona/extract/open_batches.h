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
  /// Open at once are `most` batches, fewer if they have more than `most_rows` rows together:
  /// each row holds memory for its features. Two may always be, or the work would run dry
  /// at the end of each batch.
  OpenBatches(size_t most, int64_t most_rows) : most_(most), most_rows_(most_rows) {}

  /// Blocks while there is no room. nullptr after Stop.
  FeatureBatch* Add(std::unique_ptr<FeatureBatch> batch);
  /// No batch will be added: after the last one Next returns `end`, where that is an error. Only
  /// the first call counts.
  void Close(arrow::Status end = arrow::Status::OK());
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
  bool HasRoom() const;

  const size_t most_;
  const int64_t most_rows_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<FeatureBatch>> batches_;
  int64_t rows_ = 0;  ///< of batches_
  bool closed_ = false;
  bool stopped_ = false;
  arrow::Status end_;
  arrow::Status failure_;
};

}  // namespace pomona
