#pragma once

#include <arrow/buffer.h>
#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pomona/storage.h"
#include "pomona/storage/uri.h"

namespace pomona {

/// The beginning of the message where a source is not there.
inline constexpr char kSourceMissing[] = "does not exist: ";

/// Size of a file that no listing has seen.
inline constexpr int64_t kUnknownSize = -1;

/// One file as the listing saw it.
struct ListedFile {
  std::string uri;       ///< see ReferenceSchema
  int64_t size = 0;      ///< bytes, or kUnknownSize
  int64_t mtime_us = 0;  ///< microseconds since the epoch, UTC; 0: unknown
  std::string version;   ///< ETag in any spelling; empty: the store has none
};

/// One image to fetch. What is unknown of it is not compared with what the store has by then.
struct ImageRef {
  Uri uri;                      ///< a local path is opened as it stands here
  int64_t size = kUnknownSize;  ///< see ListedFile
  int64_t mtime_us = 0;
  std::string version;

  /// More is not read: the fetch is TooManyBytes.
  int64_t max_bytes = std::numeric_limits<int64_t>::max();
};

/// Rejected(kTooManyBytes) of an image of `size` bytes, or of one that has more than `limit` if
/// that is kUnknownSize.
arrow::Status TooManyBytes(int64_t size, int64_t limit);

/// What fetching has cost so far.
struct FetchCounters {
  int64_t requests = 0;  ///< reads sent to the store, retries included
  int64_t retries = 0;
  int64_t bytes = 0;    ///< body bytes received of successful reads
  int64_t busy_ns = 0;  ///< CPU time spent fetching
};

/// Gets the bytes of one image, or why not: Rejected(...) if it is about this
/// image, any other status if the run cannot go on.
using FetchCallback = std::function<void(arrow::Result<std::shared_ptr<arrow::Buffer>>)>;

/// A pull stream of files in byte order of the URI. For one thread. Must not outlive its
/// source.
class Listing {
 public:
  virtual ~Listing() = default;
  /// The next page, of any size; empty at the end.
  virtual arrow::Result<std::vector<ListedFile>> Next() = 0;
};

/// A store of images: one implementation per kind of store.
class Source {
 public:
  /// Waits for the fetches under way.
  virtual ~Source() = default;

  /// Every file below `uri` (a folder, a prefix, or one file) but hidden ones
  /// (see ListImages). IOError if `uri` does not exist or may not be read. Soon after `stop` is
  /// asked for, between two pages and while one is awaited, the listing ends with Cancelled.
  virtual arrow::Result<std::unique_ptr<Listing>> List(const Uri& uri, arrow::StopToken stop) = 0;

  /// Reads one image of this store with exactly one request (retries apart); of unknown size, too,
  /// but for Arrow's stores, which are asked for the size first. Returns at once; `done` is called
  /// once, on a thread of the source, and must not block. Thread-safe. The caller bounds how many
  /// are under way.
  virtual void Fetch(ImageRef ref, FetchCallback done) = 0;

  /// Thread-safe.
  virtual FetchCounters counters() const = 0;
};

/// The store that `uri` lives in, with at most `fetches` (at least 1) reads under way at once.
/// `storage` was validated where it entered.
arrow::Result<std::shared_ptr<Source>> OpenSource(const Uri& uri, const StorageOptions& storage,
                                                  int fetches);

}  // namespace pomona
