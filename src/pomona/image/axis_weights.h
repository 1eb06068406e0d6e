#pragma once

#include <cstdint>
#include <vector>

#include "pomona/image/image_reader.h"

namespace pomona::image {

/// Fractional bits of a weight: Pillow's PRECISION_BITS, 32 - 8 - 2.
inline constexpr int kWeightBits = 22;

/// How one axis of an image is resampled: Pillow's fixed-point weights, exactly.
/// An output pixel is clamp((sum(weight * input) + 2^21) >> 22) in int32.
struct AxisWeights {
  int in_size = 0;
  int out_size = 0;
  int taps = 0;                  ///< the most inputs that any output uses, at most in_size
  std::vector<int32_t> first;    ///< [out_size], first input of each output; +taps <= in_size
  std::vector<int32_t> weights;  ///< [out_size, taps], 22-bit fixed point
};

/// `filter` is kBilinear or kBicubic (a = -0.5); on downscale its support grows with the
/// scale (antialias). Sizes >= 1. Costs some 20 ns a weight.
AxisWeights ComputeAxisWeights(int in_size, int out_size, ResizeFilter filter);

}  // namespace pomona::image
