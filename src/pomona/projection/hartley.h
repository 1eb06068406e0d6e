#pragma once

#include <cstdint>
#include <vector>

namespace pomona {

/// Columns that Hartley transforms at once.
inline constexpr int64_t kHartleyColumns = 32;

/// The discrete Hartley transform of one size (Bracewell, "Discrete Hartley transform", 1983):
///
///   H[u] = sum over i < size of f[i] (cos(2 pi i u / size) + sin(2 pi i u / size))
///
/// It is real, twice it is `size` times the identity, and the transform of a cyclic convolution
/// with an even function is the product of both. Immutable, thread-safe.
class Hartley {
 public:
  /// The least size that is at least `least` and 2^k or 3 * 2^k, k at least 6.
  static int64_t SizeFor(int64_t least);

  /// `size`: as SizeFor makes them.
  explicit Hartley(int64_t size);

  int64_t size() const { return size_; }

  /// Transforms columns [size, 32], row-major, in place. `work`: as many. Both are aligned to 64
  /// bytes. In float32, with the widest vectors that this CPU has. Cost: some 40 * size *
  /// log2(size) operations.
  void Transform(float* columns, float* work) const;

 private:
  const int64_t size_;
  /// Of each step, for each p: cosine and sine of -2 pi p t / n for t = 1 to radix - 1.
  std::vector<float> twiddles_;
};

}  // namespace pomona
