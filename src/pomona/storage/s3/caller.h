#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>

#include "pomona/storage.h"
#include "pomona/storage/s3/call.h"
#include "pomona/storage/s3/connection.h"

namespace pomona {

/// How a write is to be taken. The defaults: it replaces what is there, and may come at any time.
struct S3WriteOptions {
  /// Only if there is no object of this key ("Conditional requests" in the S3 user guide).
  bool only_new = false;
  /// The store refuses the write after this instant of its own clock, to the second below it: also
  /// where this process slept between signing and sending, or the network held it up.
  std::optional<StoreClock::Time> valid_until = std::nullopt;
};

/// What an object is, as a store can say it.
struct S3Contents {
  std::string key;
  int64_t size = 0;      ///< bytes
  int64_t piece = 0;     ///< bytes of each piece that it was uploaded in but the last; 0: in one
  std::string checksum;  ///< S3Checksum, or S3CompositeChecksum where there are pieces
};

/// Sends calls to one bucket, and says what came of them. Thread-safe.
class S3Caller {
 public:
  static arrow::Result<std::shared_ptr<S3Caller>> Open(const StorageOptions& storage,
                                                       std::string bucket);
  S3Caller(std::unique_ptr<S3Connection> connection, std::string bucket);

  /// Returns at once; `done` is called once on a thread that it must not block, and on which this
  /// object must not end.
  void Send(S3CallRequest request, S3Call::Done done);

  /// Sends and waits. Not from within `done`.
  S3CallAnswer Call(S3CallRequest request);

  /// The store's time; costs a HEAD of the bucket where it has not answered before. IOError: it
  /// cannot be reached, or does not say what time it is.
  arrow::Result<StoreClock::Time> Now();

  /// Whether a request can have this deadline: Invalid where requests are not signed, else as Now.
  arrow::Status CheckDeadline(const std::optional<StoreClock::Time>& valid_until);

  /// Adds to `request` what makes it one of `options`. As CheckDeadline.
  arrow::Status Restrict(const S3WriteOptions& options, S3CallRequest* request);

  /// Whether the write of `contents` that got `answer` took place; false: an object was there, and
  /// `only_new` asked for none. Where an answer was lost, this looks at what is there, at the cost
  /// of a HEAD, and of a GET where the store tells no checksum; who wants to know of two writers
  /// which one made an object gives each its own bytes. IOError: it did not take place, or the
  /// store has other bytes than were sent; NotImplemented: the store does not know such a request.
  arrow::Result<bool> TookPlace(const S3CallAnswer& answer, const std::string& told_checksum,
                                const S3Contents& contents, bool only_new);

  /// IOError: the store says that it has other bytes than were sent.
  arrow::Status OtherBytes(const std::string& key, const std::string& told_checksum,
                           const std::string& checksum) const;

  /// The status of an answer with an error.
  arrow::Status ErrorOf(const S3CallAnswer& answer, const std::string& key) const;

  StoreClock& clock() { return shared_.clock; }
  int64_t sent(S3Verb verb) const {
    return shared_.sent[static_cast<size_t>(verb)].load(std::memory_order_relaxed);
  }
  /// See S3CallShared::answer_lost.
  bool answer_lost() const { return shared_.answer_lost; }
  std::string UriOf(const std::string& key) const;

 private:
  /// Whether the object there is this one.
  arrow::Result<bool> Holds(const S3Contents& contents);

  S3CallShared shared_;
  const std::unique_ptr<S3Connection> connection_;  // ends first
};

}  // namespace pomona
