#pragma once

#include <arrow/status.h>

namespace pomona {

/// Starts the AWS SDK inside Arrow, once, silent, and arranges that it is ended before the
/// process is: without that it may crash there. Thread-safe. Cost: some milliseconds, the
/// first time; up to a second and a half where an instance's metadata server is looked for in
/// vain (see ProbeInstanceMetadata).
arrow::Status EnsureS3Library();

/// After EnsureS3Library: whether that server was looked for, and did not answer.
bool MetadataServerIsDeaf();

}  // namespace pomona
