#pragma once

#include <string>
#include <string_view>

namespace pomona {

/// Java's "modified UTF-8", which Hadoop's C client takes and gives for UTF-8: a character
/// beyond U+FFFF is a pair of surrogates of three bytes each. All else is the same in both.
std::string ToModifiedUtf8(std::string_view utf8);

/// Undoes ToModifiedUtf8. A surrogate without its other half stays as it is.
std::string FromModifiedUtf8(std::string_view modified);

}  // namespace pomona
