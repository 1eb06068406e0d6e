#include "pomona/model/feature_tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pomona/model/test_network.h"

namespace pomona {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Net = TestNetwork;

std::vector<std::string> Names(const std::vector<ov::Output<ov::Node>>& tensors) {
  std::vector<std::string> names;
  for (const auto& tensor : tensors) names.push_back(TensorName(tensor));
  return names;
}

TEST(FindFeatures, takes_the_input_of_the_last_dense_layer) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto hidden = Net::Named(Net::Relu(Net::Dense(pooled, 5, 7)), "hidden");
  const auto model = net.Build({Net::Softmax(Net::Dense(hidden, 7, 4))});
  EXPECT_EQ(TensorName(*FindFeatures(*model, "")), "hidden");
}

TEST(FindFeatures, takes_a_dense_layer_of_half_precision_weights) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto half =
      ov::opset13::Constant::create(ov::element::f16, {4, 5}, std::vector<float>(20, 1));
  const auto weights = std::make_shared<ov::opset13::Convert>(half, ov::element::f32);
  const auto model =
      net.Build({std::make_shared<ov::opset13::MatMul>(pooled, weights, false, true)});
  EXPECT_EQ(TensorName(*FindFeatures(*model, "")), "pooled");
}

TEST(FindFeatures, takes_the_input_of_a_1x1_convolution_head) {
  const Net net({1, 3, 1, 1});
  const auto map = Net::Named(Net::Relu(Net::Convolution(net.image(), 3, 6)), "map");
  const auto model = net.Build({Net::Softmax(Net::Convolution(map, 6, 4))});
  const auto features = FindFeatures(*model, "");
  ASSERT_TRUE(features.ok()) << features.status();
  EXPECT_EQ(TensorName(*features), "map");
  EXPECT_EQ(CutAtFeatures(*model, *features, "NCHW")->output().get_shape(), (ov::Shape{1, 6}));
}

TEST(FindFeatures, takes_the_output_of_a_headless_network) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  EXPECT_EQ(TensorName(*FindFeatures(*net.Build({pooled}), "")), "pooled");
}

TEST(FindFeatures, averages_a_headless_map_over_height_and_width) {
  const Net net({1, 3, 8, 6});
  const auto map = Net::Named(Net::Relu(Net::Convolution(net.image(), 3, 5, 2)), "map");
  const auto model = net.Build({map});
  const auto features = FindFeatures(*model, "");
  ASSERT_TRUE(features.ok()) << features.status();
  const auto cut = CutAtFeatures(*model, *features, "NCHW");
  EXPECT_EQ(cut->output().get_shape(), (ov::Shape{1, 5}));
}

TEST(FindFeatures, refuses_two_outputs_and_lists_candidates) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto hidden = Net::Named(Net::Relu(Net::Dense(pooled, 5, 7)), "hidden");
  const auto model = net.Build({Net::Dense(pooled, 5, 4), Net::Dense(hidden, 7, 4)});
  const auto status = FindFeatures(*model, "").status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), AllOf(HasSubstr("pooled"), HasSubstr("hidden")));
  EXPECT_THAT(status.message(), HasSubstr("\nhint: name one with --features"));
}

TEST(FindFeatures, accepts_two_outputs_after_one_tensor) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto logits = Net::Dense(pooled, 5, 4);
  EXPECT_EQ(TensorName(*FindFeatures(*net.Build({logits, Net::Softmax(logits)}), "")), "pooled");
}

TEST(FindFeatures, reads_a_tensor_or_a_layer_by_name) {
  const Net net;
  const auto map = Net::Named(Net::Relu(Net::Convolution(net.image(), 3, 5)), "map");
  map.get_node()->set_friendly_name("layer");
  const auto model = net.Build({Net::Dense(Net::Pool(map), 5, 4)});
  EXPECT_EQ(TensorName(*FindFeatures(*model, "map")), "map");
  EXPECT_EQ(TensorName(*FindFeatures(*model, "layer")), "map");
}

TEST(FindFeatures, says_that_a_name_is_unknown) {
  const Net net;
  const auto model = net.Build({Net::Pool(Net::Convolution(net.image(), 3, 5))});
  const auto status = FindFeatures(*model, "gap").status();
  EXPECT_TRUE(status.IsKeyError());
  EXPECT_EQ(status.message(),
            "model has no tensor `gap`\nhint: pomona model show MODEL lists them");
}

TEST(FindFeatures, refuses_a_tensor_of_wrong_rank_and_lists_candidates) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto shape = ov::opset13::Constant::create(ov::element::i64, {3}, {1, 5, 1});
  const auto cube =
      Net::Named(std::make_shared<ov::opset13::Reshape>(pooled, shape, false), "cube");
  const auto status = FindFeatures(*net.Build({cube}), "cube").status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), HasSubstr("tensor `cube` of shape [1,5,1]"));
  EXPECT_THAT(status.message(), HasSubstr("candidates: pooled"));
}

TEST(FeatureCandidates, come_nearest_to_the_output_first) {
  const Net net;
  const auto map = Net::Named(Net::Relu(Net::Convolution(net.image(), 3, 5)), "map");
  const auto pooled = Net::Named(Net::Pool(map), "pooled");
  const auto logits = Net::Dense(pooled, 5, 4);
  logits.get_node()->set_friendly_name("logits");
  logits.get_node()->get_input_node_ptr(0)->set_friendly_name("product");
  EXPECT_THAT(Names(FeatureCandidates(*net.Build({logits}))),
              ElementsAre("logits", "product", "pooled", "map"));
}

TEST(FeatureCandidates, are_the_last_maps_where_there_is_no_vector) {
  const Net net;
  const auto map = Net::Named(Net::Relu(Net::Convolution(net.image(), 3, 5)), "map");
  const auto shape = ov::opset13::Constant::create(ov::element::i64, {3}, {1, 5, 64});
  const auto boxes = std::make_shared<ov::opset13::Reshape>(map, shape, false);
  EXPECT_EQ(Names(FeatureCandidates(*net.Build({boxes}))).at(0), "map");
}

TEST(CutAtFeatures, averages_the_axes_that_are_pixels) {
  const Net net({1, 4, 4, 3});
  const auto map = Net::Named(Net::Relu(net.image()), "map");
  const auto model = net.Build({map});
  EXPECT_EQ(CutAtFeatures(*model, *FindFeatures(*model, "map"), "NCHW")->output().get_shape(),
            (ov::Shape{1, 3}));
}

TEST(CutAtFeatures, drops_what_comes_after) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto model = net.Build({Net::Softmax(Net::Dense(pooled, 5, 4))});
  for (const auto& node : CutAtFeatures(*model, pooled, "NCHW")->get_ordered_ops()) {
    EXPECT_FALSE(ov::is_type<ov::opset13::MatMul>(node));
  }
}

}  // namespace
}  // namespace pomona
