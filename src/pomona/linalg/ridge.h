#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace pomona {

/// A linear classifier: the classes of rows by ridge regression, the penalty three tenths of what
/// the features vary by. Immutable, thread-safe.
class Ridge {
 public:
  /// rows: [count, dim], row-major, of the classes 0 to `classes` - 1, at least one row.
  /// Cost: count * dim^2 + dim^3 / 3.
  Ridge(std::span<const float> rows, int64_t dim, std::span<const int> labels, int classes);
  ~Ridge();

  int ClassOf(std::span<const float> row) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace pomona
