// The passes without vectors. Included by resample_passes.cc only, once per target: no include
// guard.
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "pomona/image/pass_tables.h"
#include "pomona/image/weight_parts.h"

HWY_BEFORE_NAMESPACE();
namespace pomona::image {
namespace HWY_NAMESPACE {

// Weights as they are, one pixel after the other.
inline void BuildHorizontal(const AxisWeights& axis, HorizontalPass& pass) {
  HorizontalTables::OutSize(pass) = axis.out_size;
  HorizontalTables::Quads(pass) = axis.taps;
  HorizontalTables::Offsets(pass) = axis.first;
  const size_t bytes = axis.weights.size() * sizeof(int32_t);
  std::memcpy(HorizontalTables::Allocate(pass, bytes), axis.weights.data(), bytes);
}

inline uint8_t ToByte(int32_t sum) {
  return static_cast<uint8_t>(std::clamp(sum >> kWeightBits, 0, 255));
}

inline void RunHorizontal(const HorizontalPass& pass, const uint8_t* const* in, uint8_t* const* out,
                          int rows) {
  const int taps = HorizontalTables::Quads(pass);
  for (int r = 0; r < rows; ++r) {
    const auto* weights = reinterpret_cast<const int32_t*>(HorizontalTables::Table(pass));
    for (int x = 0; x < HorizontalTables::OutSize(pass); ++x, weights += taps) {
      const uint8_t* from = in[r] + static_cast<size_t>(HorizontalTables::Offsets(pass)[x]) * 3;
      int32_t sums[3] = {1 << (kWeightBits - 1), 1 << (kWeightBits - 1), 1 << (kWeightBits - 1)};
      for (int t = 0; t < taps; ++t, from += 3) {
        for (int c = 0; c < 3; ++c) sums[c] += from[c] * weights[t];
      }
      for (int c = 0; c < 3; ++c) out[r][3 * x + c] = ToByte(sums[c]);
    }
  }
}

inline void BuildVertical(const AxisWeights& axis, VerticalPass& pass) {
  VerticalTables::Window(pass) = axis.taps;
  VerticalTables::First(pass) = axis.first;
  VerticalTables::Words(pass) = axis.weights;
}

inline void RunVertical(const VerticalPass& pass, int y, int rows, const uint8_t* const* in,
                        uint8_t* const* out, size_t bytes) {
  const int taps = pass.window();
  for (int r = 0; r < rows; ++r) {
    const int32_t* weights = VerticalTables::Words(pass) + static_cast<size_t>(y + r) * taps;
    for (size_t at = 0; at < bytes; ++at) {
      int32_t sum = 1 << (kWeightBits - 1);
      for (int t = 0; t < taps; ++t) sum += in[t][at] * weights[t];
      out[r][at] = ToByte(sum);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace pomona::image
HWY_AFTER_NAMESPACE();
