#include "pomona/model/network_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_network.h"

namespace pomona {
namespace {

using ::testing::HasSubstr;

arrow::Result<NetworkInput> Fix(const ov::PartialShape& shape, const ModelCard& card = {}) {
  const TestNetwork net(shape);
  return FixInput(card, 0, net.Build({TestNetwork::Relu(net.image())}).get());
}

TEST(FixInput, finds_the_layout_from_the_shape) {
  EXPECT_EQ(Fix({1, 3, 32, 24})->layout, "NCHW");
  EXPECT_EQ(Fix({-1, 32, 24, 3})->layout, "NHWC");
  EXPECT_EQ(Fix({1, 3, 32, 24})->height, 32);
  EXPECT_EQ(Fix({-1, 32, 24, 3})->width, 24);
}

TEST(FixInput, takes_from_the_card_what_the_graph_leaves_open) {
  ModelCard card;
  card.height = 40;
  card.width = 50;
  const auto input = Fix({-1, 3, -1, -1}, card);
  ASSERT_TRUE(input.ok()) << input.status();
  EXPECT_EQ(input->layout, "NCHW");
  EXPECT_EQ(input->height, 40);
  EXPECT_EQ(input->width, 50);
  card.layout = "NHWC";
  EXPECT_EQ(Fix({-1, -1, -1, -1}, card)->layout, "NHWC");
}

TEST(FixInput, refuses_an_open_size) {
  EXPECT_THAT(Fix({1, 3, -1, 24}).status().message(),
              HasSubstr("leaves the height of its input open\nhint: give \"height\""));
}

TEST(FixInput, refuses_a_card_that_contradicts_the_graph) {
  ModelCard card;
  card.width = 100;
  EXPECT_THAT(Fix({1, 3, 32, 24}, card).status().message(), HasSubstr("width 100"));
  card = {};
  card.layout = "NHWC";
  EXPECT_THAT(Fix({1, 3, 32, 24}, card).status().message(), HasSubstr("layout NHWC"));
}

TEST(FixInput, refuses_an_ambiguous_layout) {
  EXPECT_THAT(Fix({1, 3, 8, 3}).status().message(), HasSubstr("can be NCHW or NHWC"));
  EXPECT_THAT(Fix({-1, -1, -1, -1}).status().message(), HasSubstr("can be NCHW or NHWC"));
}

TEST(FixInput, refuses_an_input_without_pixels_or_with_too_many) {
  EXPECT_EQ(Fix({1, 3, 0, 0}).status().message(),
            "model input has the height 0; 1 to 16384 pixels are possible");
  EXPECT_THAT(Fix({1, 24, 0, 3}).status().message(), HasSubstr("the width 0;"));
  EXPECT_THAT(Fix({1, 3, 8, 3'000'000'000}).status().message(), HasSubstr("the width 3000000000;"));
}

TEST(FixInput, refuses_what_is_no_image) {
  EXPECT_THAT(Fix({1, 300}).status().message(), HasSubstr("four axes are wanted"));
  EXPECT_THAT(Fix({1, 1, 28, 28}).status().message(), HasSubstr("no RGB image"));
}

}  // namespace
}  // namespace pomona
