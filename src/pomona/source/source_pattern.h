#pragma once

#include <optional>
#include <string>

namespace pomona {

/// For a source that does not exist and has a pattern in it, as Spark's readers take them
/// ("photos/*/*.jpg"): what to write instead, "photos with option `glob=*.jpg`". nullopt: there is
/// no pattern in it.
std::optional<std::string> WithoutPattern(const std::string& source);

}  // namespace pomona
