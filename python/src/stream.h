#pragma once

#include <arrow/record_batch.h>
#include <arrow/util/cancel.h>
#include <nanobind/nanobind.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "interruptible_reader.h"
#include "pomona/extract.h"
#include "pomona/list.h"

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

/// The summary of a listing that a stream's own thread reads, and ends.
class SeenListing {
 public:
  explicit SeenListing(const std::shared_ptr<ImageListing>& listing) : listing_(listing) {}

  /// So far; of a closed stream, as it was at the last call before that. Thread-safe.
  ListingSummary summary();

 private:
  // This is no owner: the last one must be the thread that reads, as the end of a listing takes
  // time.
  const std::weak_ptr<ImageListing> listing_;
  std::mutex mutex_;
  ListingSummary summary_;
};

/// pomona.ImageStream: references, and what their listing left out.
class ImageStream : public Stream {
 public:
  /// `stop`: ends the listing.
  ImageStream(const std::shared_ptr<ImageListing>& listing,
              const std::shared_ptr<arrow::StopSource>& stop);

  void Close() override;

  ListingSummary summary() const { return seen_->summary(); }

 private:
  std::shared_ptr<SeenListing> seen_;
};

/// pomona.FeatureStream.
class FeatureStream : public Stream {
 public:
  /// `listing`, `stop`: of the source, and what ends it, if the stream is made from one.
  explicit FeatureStream(const std::shared_ptr<FeatureReader>& reader,
                         const std::shared_ptr<ImageListing>& listing = nullptr,
                         const std::shared_ptr<arrow::StopSource>& stop = nullptr);

  void Close() override;

  /// nullopt: the stream is not made from a source.
  std::optional<ListingSummary> listing() const;

  /// So far; of a closed stream, as it was then. Call without the GIL.
  ExtractCounters counters() const;

 private:
  struct Seen {
    // This is no owner: the last one must be the thread that reads, as the end of a reader takes
    // time.
    std::weak_ptr<FeatureReader> features;
    std::mutex mutex;
    ExtractCounters counters;
  };
  std::shared_ptr<Seen> seen_;
  std::shared_ptr<SeenListing> listing_;  // null: not made from a source
};

}  // namespace pomona::python
