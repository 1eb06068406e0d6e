#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>

#include "pomona/source/source.h"

namespace pomona {

/// What a pipeline works on: batches of images, and the bytes of each. Whether they are
/// references or lie in memory is known here, and nowhere behind it. Next, size and Read by
/// one thread; counters by any.
class ImageFeed {
 public:
  /// Waits for the reads under way.
  virtual ~ImageFeed() = default;

  /// The schema of the columns that go through to the feature rows.
  virtual std::shared_ptr<arrow::Schema> schema() const = 0;

  /// The next batch: one row an image, with the columns of schema(). Blocks; nullptr at the end.
  virtual arrow::Result<std::shared_ptr<arrow::RecordBatch>> Next() = 0;

  /// Encoded bytes of an image of the batch that Next gave last, or kUnknownSize.
  virtual int64_t size(int64_t row) const = 0;

  /// Gets an image of that batch. `done` is called once, on any thread, maybe before Read
  /// returns, and must not block. An error is the end of the run; `done` is not called then.
  virtual arrow::Status Read(int64_t row, FetchCallback done) = 0;

  virtual FetchCounters counters() const = 0;
};

}  // namespace pomona
