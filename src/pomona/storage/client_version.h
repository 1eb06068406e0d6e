#pragma once

#include <string>

namespace pomona {

/// The versions of libcurl, which speaks to S3, and of the TLS library below it: "7.88.1,
/// OpenSSL/3.0.15".
std::string HttpClientVersion();

}  // namespace pomona
