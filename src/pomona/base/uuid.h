#pragma once

#include <string>

namespace pomona {

/// A random (version 4) UUID, lower-case: RFC 4122.
std::string NewUuid();

}  // namespace pomona
