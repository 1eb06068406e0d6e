#pragma once

#include <initializer_list>
#include <string>

namespace pomona {

/// The value of the first of these environment variables that is set and not empty, else "".
std::string FirstInEnvironment(std::initializer_list<const char*> names);

}  // namespace pomona
