#pragma once

#include <string_view>

namespace pomona {

/// The opaque part of an entity tag: `W/"x"`, `"x"` and `x` all name x. Stores spell the same tag
/// differently in a listing and in an answer's head, and proxies weaken it on the way; what a GET
/// without a range gives is the same either way. A view into `spelled`.
std::string_view OpaqueETag(std::string_view spelled);

}  // namespace pomona
