#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pomona {

/// Name and version of each image library.
std::vector<std::pair<std::string, std::string>> CodecVersions();

}  // namespace pomona
