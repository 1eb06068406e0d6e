#pragma once

#include <arrow/result.h>

#include <memory>

#include "pomona/storage.h"
#include "pomona/storage/s3/session.h"
#include "pomona/storage/transport/transfer_loop.h"

namespace pomona {

/// A session and the loop on which its requests run.
struct S3Connection {
  S3Session session;
  std::unique_ptr<TransferLoop> loop;  ///< ends first: its transfers use the session

  /// `connections` >= 1: open at once, at most. Connects to nothing yet. IOError if there are no
  /// credentials.
  static arrow::Result<std::unique_ptr<S3Connection>> Open(const StorageOptions& storage,
                                                           int connections);
};

}  // namespace pomona
