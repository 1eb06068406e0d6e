#include "pomona/source/environment.h"

#include <cstdlib>

namespace pomona {

std::string FirstInEnvironment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return "";
}

}  // namespace pomona
