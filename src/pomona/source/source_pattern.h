#pragma once

#include <optional>
#include <string>

namespace pomona {

/// What to write instead of a source that does not exist and has a pattern in it, as Spark's
/// readers take them: "photos with option `glob=*.jpg`" for "photos/*/*.jpg". nullopt: there is no
/// pattern in it.
std::optional<std::string> WithoutPattern(const std::string& source);

}  // namespace pomona
