#pragma once

#include <string_view>

namespace pomona {

/// Arrays and objects inside each other that JSON from outside may have.
inline constexpr int kMaxJsonDepth = 64;

/// True where `json` opens more than kMaxJsonDepth arrays and objects inside each other. Ask before
/// parsing what others wrote: copying, printing and comparing such a value recurses a level a call.
/// Cost: one pass, no memory. Text that is no JSON is for the parser to refuse.
bool NestsTooDeep(std::string_view json);

}  // namespace pomona
