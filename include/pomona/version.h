#pragma once

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// The version of this library, by semantic versioning. A test keeps it equal to the project's.
inline constexpr char kVersion[] = "0.1.0";

}  // namespace pomona
