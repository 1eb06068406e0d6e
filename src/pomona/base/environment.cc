#include "pomona/base/environment.h"

#include <cstdlib>

namespace pomona {

std::string FirstInEnvironment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return "";
}

std::string InHome(const std::string& below) {
  const std::string home = FirstInEnvironment({"HOME"});
  return home.starts_with('/') ? home + below : "";
}

}  // namespace pomona
