#pragma once

#include <string>

namespace pomona {

/// Where compiled models are kept unless an option says otherwise: $POMONA_CACHE,
/// $XDG_CACHE_HOME/pomona or ~/.cache/pomona. Empty: nowhere.
std::string DefaultCacheFolder();

}  // namespace pomona
