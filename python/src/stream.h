#pragma once

#include <arrow/record_batch.h>
#include <nanobind/nanobind.h>

#include <functional>
#include <memory>
#include <mutex>

#include "interruptible_reader.h"
#include "pomona/extract.h"

namespace pomona::python {

/// pomona.Stream: batches for Python to iterate, or for whatever reads __arrow_c_stream__; both
/// take from the same stream.
class Stream {
 public:
  /// `cancel`: ends a read that is under way. Raises in Python if there is no thread for it.
  explicit Stream(std::shared_ptr<arrow::RecordBatchReader> reader,
                  std::function<void()> cancel = nullptr);

  virtual ~Stream() = default;

  const std::shared_ptr<InterruptibleReader>& reader() const { return reader_; }

  /// Ends the stream. Call without the GIL.
  virtual void Close() { static_cast<void>(reader_->Close()); }

 private:
  std::shared_ptr<InterruptibleReader> reader_;
};

/// pomona.FeatureStream.
class FeatureStream : public Stream {
 public:
  explicit FeatureStream(const std::shared_ptr<FeatureReader>& reader);

  void Close() override;

  /// So far; of a closed stream, as it was then. Call without the GIL.
  ExtractCounters counters() const;

 private:
  struct Seen {
    // Not an owner: the last one must be the thread that reads, as the end of a reader takes time.
    std::weak_ptr<FeatureReader> features;
    std::mutex mutex;
    ExtractCounters counters;
  };
  std::shared_ptr<Seen> seen_;
};

}  // namespace pomona::python
