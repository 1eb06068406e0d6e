#pragma once

#include <string>
#include <string_view>

namespace pomona {

/// Percent-encodes every byte but A-Z a-z 0-9 - . _ ~, as S3 signatures want it.
std::string S3Encode(std::string_view text);

/// The same, but '/' stays: for keys in a path.
std::string S3EncodeKey(std::string_view key);

/// Undoes the `encoding-type=url` of a listing: %NN, and '+' for a space.
std::string S3Decode(std::string_view text);

}  // namespace pomona
