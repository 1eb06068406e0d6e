#include "pomona/model/channel_axes.h"

#include <gtest/gtest.h>

#include "test_network.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
using Net = TestNetwork;
using Axis = std::optional<size_t>;

Net::Value Transposed(const Net::Value& x, const std::vector<int64_t>& order) {
  return std::make_shared<ops::Transpose>(
      x, ops::Constant::create(ov::element::i64, {order.size()}, order));
}

Net::Value Reshaped(const Net::Value& x, const std::vector<int64_t>& shape) {
  return std::make_shared<ops::Reshape>(
      x, ops::Constant::create(ov::element::i64, {shape.size()}, shape), false);
}

Net::Value Added(const Net::Value& a, const Net::Value& b) {
  return std::make_shared<ops::Add>(a, b);
}

Axis AxisIn(const Net& net, const Net::Value& map, const std::string& layout) {
  return ChannelAxes(*net.Build({map}), layout).Of(map);
}

TEST(ChannelAxes, is_a_convolutions_whatever_the_layout_of_the_input) {
  // A network of TensorFlow: the input is [1,H,W,3], the convolution inside is [1,C,H,W].
  const Net net({1, 15, 11, 3});
  const auto first = Transposed(net.image(), {0, 3, 1, 2});
  const auto map = Net::Relu(Net::Convolution(first, 3, 8));
  EXPECT_EQ(AxisIn(net, map, "NHWC"), Axis(1));
  EXPECT_EQ(AxisIn(net, Transposed(map, {0, 2, 3, 1}), "NHWC"), Axis(3));
  EXPECT_EQ(AxisIn(net, first, "NHWC"), Axis(1));
  EXPECT_EQ(AxisIn(net, net.image(), "NHWC"), Axis(3));
  EXPECT_EQ(AxisIn(net, Net::Relu(net.image()), "NHWC"), Axis(3));
}

TEST(ChannelAxes, is_the_last_of_a_dense_layer_over_pixels) {
  const Net net({1, 3, 6, 4});
  const auto pixels = Transposed(net.image(), {0, 2, 3, 1});
  const auto dense = std::make_shared<ops::MatMul>(pixels, Net::Weights({3, 5}));
  EXPECT_EQ(AxisIn(net, dense, "NCHW"), Axis(3));
  // With data and weights the other way round the channels lie elsewhere.
  const auto turned = std::make_shared<ops::MatMul>(Net::Weights({5, 4}), pixels);
  EXPECT_EQ(AxisIn(net, turned, "NCHW"), std::nullopt);
}

TEST(ChannelAxes, follows_what_leaves_axes_as_they_are) {
  const Net net({1, 3, 8, 6});
  const auto map = Net::Convolution(net.image(), 3, 4);
  const auto mean = std::make_shared<ops::ReduceMean>(
      map, ops::Constant::create(ov::element::i64, {2}, {2, 3}), true);
  const auto gated = std::make_shared<ops::Multiply>(map, std::make_shared<ops::Sigmoid>(mean));
  const auto joined = std::make_shared<ops::Concat>(ov::OutputVector{map, gated}, 1);
  EXPECT_EQ(AxisIn(net, joined, "NCHW"), Axis(1));
  EXPECT_EQ(AxisIn(net, Transposed(Transposed(joined, {0, 2, 3, 1}), {0, 3, 1, 2}), "NCHW"),
            Axis(1));
  EXPECT_EQ(AxisIn(net, Reshaped(map, {1, 4, 8, 6}), "NCHW"), Axis(1));
}

TEST(ChannelAxes, is_not_known_after_a_reshape_until_the_next_convolution) {
  const Net net({1, 4, 4, 3});
  const auto map = Net::Convolution(Transposed(net.image(), {0, 3, 1, 2}), 3, 4);
  const auto reshaped = Reshaped(Reshaped(map, {1, 4, 16}), {1, 4, 4, 4});
  EXPECT_EQ(AxisIn(net, reshaped, "NHWC"), std::nullopt);
  EXPECT_EQ(AxisIn(net, Net::Relu(reshaped), "NHWC"), std::nullopt);
  EXPECT_EQ(AxisIn(net, Added(reshaped, map), "NHWC"), Axis(1));
  EXPECT_EQ(AxisIn(net, Net::Convolution(reshaped, 4, 5), "NHWC"), Axis(1));
}

TEST(ChannelAxes, is_not_known_where_two_ways_contradict_each_other) {
  const Net net({1, 4, 4, 4});
  const auto map = Net::Convolution(net.image(), 4, 4);
  EXPECT_EQ(AxisIn(net, Added(map, Transposed(map, {0, 2, 3, 1})), "NCHW"), std::nullopt);
}

TEST(ChannelAxes, is_not_known_where_a_transposition_puts_it_in_the_middle) {
  const Net net({1, 3, 4, 5});
  EXPECT_EQ(AxisIn(net, Transposed(net.image(), {0, 2, 1, 3}), "NCHW"), std::nullopt);
}

}  // namespace
}  // namespace pomona
