#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <memory>
#include <string>

#include "pomona/source/s3/client.h"
#include "pomona/source/source.h"

namespace pomona {

/// The objects below `prefix` as if it were a folder, or the one object of that key: a
/// thousand a request, one page ahead of the reader. Keys that end in "/" stand for folders
/// and are left out. IOError if there is no such bucket or prefix, or it may not be listed, or
/// what comes is no listing: one that goes back, comes round to where it was, or does not end a
/// page. `stop`: see Source::List.
arrow::Result<std::unique_ptr<Listing>> OpenS3Listing(std::shared_ptr<S3Client> client,
                                                      const std::string& bucket,
                                                      const std::string& prefix,
                                                      arrow::StopToken stop);

}  // namespace pomona
