#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace pomona {

/// Where the weights of a layer lie: weight (output, input, place) is at output * output_step +
/// input * input_step + place.
struct WeightLayout {
  size_t outputs = 0;
  size_t inputs = 0;  ///< channels that an output reads: 1 where each is filtered by itself
  size_t places = 1;  ///< of the filter
  size_t output_step = 0;
  size_t input_step = 0;
};

/// For each output the least scale by which its weights become whole numbers of -127 to 127 whose
/// products no CPU cuts off. CPUs without VNNI add the products of two neighbouring input channels,
/// of 255 each at most, in 16 bits: so neither the positive nor the negative weights of such a pair
/// may be more than 128 together. Where channels are filtered one by one nothing is added in 16
/// bits. Of outputs without weights: 1.
std::vector<float> WeightScales(std::span<const float> weights, const WeightLayout& layout);

}  // namespace pomona
