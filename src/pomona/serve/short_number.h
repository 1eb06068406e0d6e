#pragma once

#include <charconv>

namespace pomona {

/// The double with the fewest digits that is this float: JSON then says 0.9, not
/// 0.8999999761581421.
inline double ShortNumber(float value) {
  char digits[32];
  const auto written = std::to_chars(digits, digits + sizeof(digits), value);
  double number = 0;
  std::from_chars(digits, written.ptr, number);
  return number;
}

}  // namespace pomona
