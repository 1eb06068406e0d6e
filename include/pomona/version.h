#pragma once

namespace pomona {

/// Of this library: semantic versioning. Kept equal to the project's version by a test.
inline constexpr char kVersion[] = "0.1.0";

}  // namespace pomona
