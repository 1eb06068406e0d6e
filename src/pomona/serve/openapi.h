#pragma once

#include <string_view>

namespace pomona {

/// docs/format/openapi.json, word for word: the reference of what is served, for people and
/// programs. It goes into the library when that is built.
std::string_view OpenApiDocument();

}  // namespace pomona
