#include "pomona/extract/cache_folder.h"

#include <cstdlib>

namespace pomona {

std::string DefaultCacheFolder() {
  if (const char* dir = std::getenv("POMONA_CACHE")) return dir;
  if (const char* dir = std::getenv("XDG_CACHE_HOME")) return std::string(dir) + "/pomona";
  if (const char* dir = std::getenv("HOME")) return std::string(dir) + "/.cache/pomona";
  return "";
}

}  // namespace pomona
