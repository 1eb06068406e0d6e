#include "pomona/model/weight_scales.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;

std::vector<int> Rounded(const std::vector<float>& weights, float scale) {
  std::vector<int> whole;
  for (const float weight : weights) whole.push_back(static_cast<int>(std::round(weight / scale)));
  return whole;
}

TEST(WeightScales, lets_a_weight_alone_have_all_numbers) {
  const std::vector<float> weights = {-127, 0.4F, 1, -1};
  const WeightLayout layout{
      .outputs = 2, .inputs = 2, .places = 1, .output_step = 2, .input_step = 1};
  EXPECT_THAT(WeightScales(weights, layout), ElementsAre(FloatEq(1), FloatEq(1.0F / 127)));
}

TEST(WeightScales, leaves_room_for_a_sum_of_two_products) {
  // Neighbours 90 and 60 of one sign; 100 is of another pair.
  const std::vector<float> weights = {90, 60, 100, -100, -50, 0};
  const WeightLayout layout{
      .outputs = 1, .inputs = 6, .places = 1, .output_step = 6, .input_step = 1};
  const float scale = WeightScales(weights, layout)[0];
  EXPECT_FLOAT_EQ(scale, 150.0F / 127);
  const auto whole = Rounded(weights, scale);
  EXPECT_LE(255 * (whole[0] + whole[1]), 32767);
}

TEST(WeightScales, rounds_no_pair_beyond_16_bits) {
  for (int i = 1; i < 1000; ++i) {
    const std::vector<float> weights = {std::fmod(0.618F * static_cast<float>(i), 1.0F),
                                        std::fmod(0.414F * static_cast<float>(i), 1.0F)};
    const WeightLayout layout{
        .outputs = 1, .inputs = 2, .places = 1, .output_step = 2, .input_step = 1};
    const auto whole = Rounded(weights, WeightScales(weights, layout)[0]);
    EXPECT_LE(255 * (whole[0] + whole[1]), 32767) << i;
  }
}

TEST(WeightScales, takes_neighbours_of_the_same_place) {
  // [1, 2, 2]: input 0 is {1, 100}, input 1 is {100, 1}.
  const std::vector<float> weights = {1, 100, 100, 1};
  const WeightLayout layout{
      .outputs = 1, .inputs = 2, .places = 2, .output_step = 4, .input_step = 2};
  EXPECT_THAT(WeightScales(weights, layout), ElementsAre(FloatEq(101.0F / 127)));
}

TEST(WeightScales, gives_channels_that_are_filtered_one_by_one_all_numbers) {
  const std::vector<float> weights = {3, 2, 1, -4, 5, 6};
  const WeightLayout layout{
      .outputs = 2, .inputs = 1, .places = 3, .output_step = 3, .input_step = 3};
  EXPECT_THAT(WeightScales(weights, layout), ElementsAre(FloatEq(3.0F / 127), FloatEq(6.0F / 127)));
}

TEST(WeightScales, are_one_where_there_is_nothing) {
  const std::vector<float> weights = {0, 0, 1e-45F, 0};
  const WeightLayout layout{
      .outputs = 2, .inputs = 2, .places = 1, .output_step = 2, .input_step = 1};
  EXPECT_THAT(WeightScales(weights, layout), ElementsAre(1, 1));
}

TEST(WeightScales, reads_outputs_across_rows) {
  // [inputs, outputs] = [2, 2].
  const std::vector<float> weights = {1, 10, 2, -20};
  const WeightLayout layout{
      .outputs = 2, .inputs = 2, .places = 1, .output_step = 1, .input_step = 2};
  EXPECT_THAT(WeightScales(weights, layout),
              ElementsAre(FloatEq(3.0F / 127), FloatEq(20.0F / 127)));
}

}  // namespace
}  // namespace pomona
