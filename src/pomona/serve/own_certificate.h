#pragma once

#include <arrow/result.h>

#include <string>

#include "pomona/serve/http_server.h"

namespace pomona {

/// A certificate that nobody vouches for, and its key (P-256): of `address`, an IPv4 address, and
/// of localhost, from yesterday on for 397 days, which is what phones take at most. Browsers warn
/// of it once. OutOfMemory, ExecutionError: OpenSSL makes none.
arrow::Result<PemPair> MakeOwnCertificate(const std::string& address);

/// The IPv4 address by which others of this machine's network reach it: that from which it would
/// send to the world. Invalid, with a hint: it has no network.
arrow::Result<std::string> LanAddress();

}  // namespace pomona
