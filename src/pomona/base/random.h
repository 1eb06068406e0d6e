#pragma once

#include <cstdint>

namespace pomona {

/// SplitMix64: the same numbers on every machine, which the standard library's
/// distributions do not promise. For one thread.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  /// A number of [0, 1).
  double Share() { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  /// A number of [from, to).
  float Range(float from, float to) { return from + (to - from) * static_cast<float>(Share()); }
  bool Chance(double probability) { return Share() < probability; }

 private:
  uint64_t state_;
};

}  // namespace pomona
