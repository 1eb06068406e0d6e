#include "pomona/model/levels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pomona/model/feature_tensor.h"
#include "test_network.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Net = TestNetwork;
namespace ops = ov::opset13;

std::vector<std::string> Levels(const std::shared_ptr<ov::Model>& model, const Net::Value& last,
                                const std::string& layout = "NCHW") {
  std::vector<std::string> names;
  for (const auto& map : FindLevels(*model, ChannelAxes(*model, layout), last)) {
    names.push_back(TensorName(map));
  }
  return names;
}

Net::Value Padded(const Net::Value& x) {
  const auto pads = ops::Constant::create(ov::element::i64, {4}, {0, 0, 1, 1});
  return std::make_shared<ops::Pad>(x, pads, pads, ov::op::PadMode::CONSTANT);
}

TEST(FindLevels, are_the_last_map_of_each_size_before_the_features) {
  const Net net({1, 3, 16, 16});
  const auto scaled = std::make_shared<ops::Multiply>(net.image(), Net::Weights({1, 3, 1, 1}));
  const auto first = Net::Relu(Net::Convolution(scaled, 3, 4, 2));
  const auto joined =
      Net::Named(std::make_shared<ops::Add>(first, Net::Convolution(first, 4, 4)), "joined");
  const auto second = Net::Named(Net::Relu(Net::Convolution(Padded(joined), 4, 5, 2)), "second");
  const auto third = Net::Named(Net::Convolution(second, 5, 6, 2), "third");
  const auto pooled = Net::Named(Net::Pool(third), "pooled");
  // A branch that does not lead to the features.
  const auto other = Net::Named(Net::Relu(joined), "other");
  const auto model = net.Build({Net::Dense(pooled, 6, 4), other});
  // The image is no level, a padded map neither, nor the map that the features are the mean of.
  EXPECT_THAT(Levels(model, pooled), ElementsAre("joined", "second"));
  EXPECT_THAT(Levels(model, third), ElementsAre("joined", "second"));
}

TEST(FindLevels, are_found_where_channels_are_last) {
  const Net net({1, 16, 16, 3});
  const auto order = ops::Constant::create(ov::element::i64, {4}, {0, 3, 1, 2});
  const auto image = std::make_shared<ops::Transpose>(net.image(), order);
  const auto map = Net::Named(Net::Relu(Net::Convolution(image, 3, 4, 2)), "map");
  const auto back = ops::Constant::create(ov::element::i64, {4}, {0, 2, 3, 1});
  const auto turned = std::make_shared<ops::Transpose>(Net::Convolution(map, 4, 4, 2), back);
  const auto pooled = Net::Named(Net::Pool(turned, {1, 2}), "pooled");
  EXPECT_THAT(Levels(net.Build({pooled}), pooled, "NHWC"), ElementsAre("map"));
}

TEST(FindLevels, are_none_in_a_network_without_maps) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(net.image()), "pooled");
  EXPECT_THAT(Levels(net.Build({Net::Dense(pooled, 3, 4)}), pooled), IsEmpty());
}

}  // namespace
}  // namespace pomona
