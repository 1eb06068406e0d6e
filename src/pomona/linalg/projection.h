#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/linalg/panels.h"

namespace pomona {

/// (rows - mean) / scale * components, made ready once. Immutable, thread-safe.
class Projection {
 public:
  /// components: [k][dim]. mean, scale: [dim], or empty for none.
  Projection(int64_t dim, int64_t k, std::span<const double> components,
             std::span<const double> mean, std::span<const double> scale);

  /// rows: [count, dim], row-major. out: [count, k], row-major.
  template <class T>
  void Apply(const T* rows, int64_t count, double* out, ThreadTeam& team) const;

 private:
  template <class T>
  void ApplyToBlock(const T* rows, int64_t count, double* out) const;

  const int64_t dim_;
  const int64_t k_;
  std::vector<double> mean_;  ///< [dim], zeros for none
  Panels components_;         ///< [dim, k], divided by the scale
};

}  // namespace pomona
