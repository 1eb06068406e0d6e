#pragma once

#include <arrow/status.h>

#include "pomona/reject.h"

namespace pomona {

/// What an error of one of Arrow's filesystems means for one image.
struct StoreError {
  RejectReason reason = RejectReason::kIoError;
  bool may_pass = false;  ///< another try may succeed
};

/// Goes by the errno inside `status` where there is one, else by the words that the clients
/// of HDFS, Google and Azure use. An error of input and output that says nothing known may pass.
StoreError ClassifyStoreError(const arrow::Status& status);

}  // namespace pomona
