#include "pomona/extract/cache_folder.h"

#include "pomona/base/environment.h"

namespace pomona {

std::string DefaultCacheFolder() {
  if (auto folder = FirstInEnvironment({"POMONA_CACHE"}); !folder.empty()) return folder;
  // By XDG's own word a relative path there counts as none.
  const std::string caches = FirstInEnvironment({"XDG_CACHE_HOME"});
  return caches.starts_with('/') ? caches + "/pomona" : InHome("/.cache/pomona");
}

}  // namespace pomona
