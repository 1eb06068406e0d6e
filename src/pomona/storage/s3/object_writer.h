#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pomona/storage.h"
#include "pomona/storage/s3/caller.h"
#include "pomona/storage/s3/upload.h"
#include "pomona/storage/store_clock.h"

namespace pomona {

/// Requests that were sent, tries included.
struct S3RequestCounts {
  int64_t gets = 0;
  int64_t heads = 0;
  int64_t lists = 0;
  int64_t puts = 0;
  int64_t posts = 0;
  int64_t deletes = 0;
};

/// Changes the objects of one bucket: over the connections, with the credentials and the patience
/// (StorageOptions) of reads. Every operation waits for the store. Thread-safe.
///
/// Errors of all: Invalid for an option, IOError for storage, also where a deadline passed ("the
/// request came too late"), NotImplemented where the store says that it does not know a request of
/// the kind, as a conditional one: so that a probe can tell. No message holds a secret.
///
/// Deadlines (`valid_until`). The signature itself ends with them, so that the store refuses a
/// request whose head comes later, however long it was on its way; and nothing is sent, or sent
/// again, when the deadline has passed. A store reads the time when the head is there. A write of
/// at most 8 KiB leaves together with its head; of a longer one bytes may come later, up to the
/// store's own patience with a silent connection, where this process is stopped in the middle of
/// it.
class S3ObjectWriter {
 public:
  /// Connects to nothing yet. Invalid: no name of a bucket. IOError: there are no credentials.
  static arrow::Result<std::shared_ptr<S3ObjectWriter>> Open(const StorageOptions& storage,
                                                             std::string bucket);
  explicit S3ObjectWriter(std::shared_ptr<S3Caller> caller) : caller_(std::move(caller)) {}

  /// Writes an object in one request. False: `options.only_new`, and there was one already. A write
  /// whose answer was lost is tried again, and one that then finds an object of its own bytes took
  /// place (S3Caller::TookPlace).
  arrow::Result<bool> Put(const std::string& key, std::string_view bytes,
                          const S3WriteOptions& options = {});

  /// An object of any length, to be written piece by piece. The stream may outlive this object.
  /// `piece`: for tests. Costs no request yet.
  std::shared_ptr<S3Upload> Create(const std::string& key, int64_t piece = S3Upload::kPiece);

  /// OK as well where there is no such object.
  arrow::Status Delete(const std::string& key,
                       std::optional<StoreClock::Time> valid_until = std::nullopt);

  /// Takes away what was uploaded for keys that begin with `prefix` and was never completed, by
  /// whom ever, so that it cannot be completed any more. Returns how many uploads that were. Costs
  /// a listing for a thousand of them and a DELETE for each. NotImplemented: the store does not
  /// list them.
  arrow::Result<int64_t> AbortUploadsBelow(
      const std::string& prefix, std::optional<StoreClock::Time> valid_until = std::nullopt);

  /// The time by the store's clock, or up to a second and the time of an answer earlier. Costs a
  /// HEAD of the bucket where the store has not answered anything yet.
  arrow::Result<StoreClock::Time> Now() { return caller_->Now(); }

  S3RequestCounts counts() const;
  /// Whether a change that this writer gave up waiting for may still take place.
  bool answer_lost() const { return caller_->answer_lost(); }

 private:
  const std::shared_ptr<S3Caller> caller_;
};

}  // namespace pomona
