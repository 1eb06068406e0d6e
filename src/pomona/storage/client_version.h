#pragma once

#include <string>

namespace pomona {

/// Of libcurl, which speaks to S3, and the TLS library below it: "7.88.1, OpenSSL/3.0.15".
std::string HttpClientVersion();

}  // namespace pomona
