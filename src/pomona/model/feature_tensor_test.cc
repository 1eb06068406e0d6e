#include "pomona/model/feature_tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_network.h"

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
  EXPECT_EQ(TensorName(FindFeatures(*model)->tensor), "hidden");
}

TEST(FindFeatures, takes_a_dense_layer_of_half_precision_weights) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto half =
      ov::opset13::Constant::create(ov::element::f16, {4, 5}, std::vector<float>(20, 1));
  const auto weights = std::make_shared<ov::opset13::Convert>(half, ov::element::f32);
  const auto model =
      net.Build({std::make_shared<ov::opset13::MatMul>(pooled, weights, false, true)});
  EXPECT_EQ(TensorName(FindFeatures(*model)->tensor), "pooled");
}

TEST(FindFeatures, takes_the_input_of_a_1x1_convolution_head) {
  const Net net({1, 3, 1, 1});
  const auto map = Net::Named(Net::Relu(Net::Convolution(net.image(), 3, 6)), "map");
  const auto model = net.Build({Net::Softmax(Net::Convolution(map, 6, 4))});
  const auto features = FindFeatures(*model);
  ASSERT_TRUE(features.ok()) << features.status();
  EXPECT_EQ(TensorName(features->tensor), "map");
}

/// The tensor that is found, or the message.
std::string Found(const std::shared_ptr<ov::Model>& model) {
  const auto features = FindFeatures(*model);
  return features.ok() ? TensorName(features->tensor) : features.status().message();
}

/// x and what a convolution makes of it, joined.
Net::Value Block(const Net::Value& x, size_t channels) {
  return Net::Relu(std::make_shared<ov::opset13::Add>(x, Net::Convolution(x, channels, channels)));
}

TEST(FindFeatures, takes_the_output_of_a_headless_network) {
  const Net net;
  const auto map = Net::Convolution(net.image(), 3, 5);
  const auto joined = net.Build({Net::Named(Net::Pool(Block(map, 5)), "pooled")});
  EXPECT_EQ(Found(joined), "pooled");
  EXPECT_EQ(FindFeatures(*joined)->origin, "the output of a network without a head");
  // No class scores go through ReLU6 or Swish.
  const auto clamped = std::make_shared<ov::opset13::Clamp>(map, 0, 6);
  EXPECT_EQ(Found(net.Build({Net::Named(Net::Pool(clamped), "pooled")})), "pooled");
  const auto swish =
      std::make_shared<ov::opset13::Multiply>(map, std::make_shared<ov::opset13::Sigmoid>(map));
  EXPECT_EQ(Found(net.Build({Net::Named(Net::Pool(swish), "pooled")})), "pooled");
}

TEST(FindFeatures, takes_the_input_of_a_convolution_that_makes_class_scores) {
  // SqueezeNet: a 1x1 convolution to classes, ReLU, pooling, softmax.
  const Net net;
  const auto map = Net::Named(Block(Net::Convolution(net.image(), 3, 6), 6), "map");
  const auto pooled = Net::Pool(Net::Relu(Net::Convolution(map, 6, 4)));
  const auto model = net.Build({Net::Softmax(pooled)});
  EXPECT_EQ(Found(model), "map");
  EXPECT_EQ(FindFeatures(*model)->origin, "the input of the last convolution");
}

TEST(FindFeatures, refuses_a_pooled_convolution_that_may_be_class_scores_or_features) {
  // SqueezeNet as torchvision exports it, without softmax; or a network without a head.
  const Net net;
  const auto map = Net::Named(Block(Net::Convolution(net.image(), 3, 6), 6), "map");
  const auto last = Net::Named(Net::Relu(Net::Convolution(map, 6, 4)), "last");
  const auto pooled = Net::Named(Net::Pool(last), "pooled");
  EXPECT_THAT(
      Found(net.Build({pooled})),
      AllOf(HasSubstr("output `pooled` that may be class scores or features"),
            HasSubstr("candidates: pooled, map, last\nhint: name one with option `features`")));
  // Where another output is made of it, it is what that one's layer reads.
  EXPECT_EQ(Found(net.Build({pooled, Net::Dense(pooled, 4, 7)})), "pooled");
}

TEST(FindFeatures, goes_past_every_final_activation) {
  using namespace ov::opset13;  // NOLINT
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto logits = Net::Dense(pooled, 5, 4);
  const auto number = [](float value) { return Constant::create(ov::element::f32, {}, {value}); };
  const auto norm = std::make_shared<Sqrt>(
      std::make_shared<ReduceSum>(std::make_shared<Multiply>(logits, logits),
                                  Constant::create(ov::element::i64, {1}, {1}), true));
  const auto exponents = std::make_shared<Exp>(std::make_shared<Subtract>(
      logits,
      std::make_shared<ReduceMax>(logits, Constant::create(ov::element::i64, {1}, {1}), true)));
  const std::vector<std::pair<const char*, Net::Value>> ends = {
      {"Softmax of opset 1", std::make_shared<ov::op::v1::Softmax>(logits, 1)},
      {"LogSoftmax", std::make_shared<LogSoftmax>(logits, 1)},
      {"log of softmax", std::make_shared<Log>(Net::Softmax(logits))},
      {"Sigmoid", std::make_shared<Sigmoid>(logits)},
      {"HardSigmoid", std::make_shared<HardSigmoid>(logits, number(0.2F), number(0.5F))},
      {"HSigmoid", std::make_shared<HSigmoid>(logits)},
      {"Tanh", std::make_shared<Tanh>(logits)},
      {"Elu", std::make_shared<Elu>(logits, 1.0)},
      {"Softplus", std::make_shared<SoftPlus>(logits)},
      {"Softsign", std::make_shared<SoftSign>(logits)},
      {"Exp", std::make_shared<Exp>(logits)},
      {"Gelu", std::make_shared<Gelu>(logits)},
      {"Mish", std::make_shared<Mish>(logits)},
      {"HSwish", std::make_shared<HSwish>(logits)},
      {"Swish", std::make_shared<Swish>(logits)},
      {"Selu", std::make_shared<Selu>(logits, number(1.7F), number(1))},
      {"PRelu", std::make_shared<PRelu>(logits, number(0.1F))},
      {"LeakyRelu of two",
       std::make_shared<Maximum>(logits, std::make_shared<Multiply>(logits, number(0.1F)))},
      {"square", std::make_shared<Power>(logits, number(2))},
      {"length 1", std::make_shared<Divide>(logits, norm)},
      {"softmax step by step",
       std::make_shared<Divide>(
           exponents, std::make_shared<ReduceSum>(
                          exponents, Constant::create(ov::element::i64, {1}, {1}), true))},
  };
  for (const auto& [name, end] : ends) EXPECT_EQ(Found(net.Build({end})), "pooled") << name;
}

TEST(FindFeatures, refuses_an_output_that_comes_from_a_dense_layer_in_an_unknown_way) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto best = std::make_shared<ov::opset13::TopK>(
      Net::Dense(pooled, 5, 4), ov::opset13::Constant::create(ov::element::i64, {}, {2}), 1, "max",
      "value");
  const auto values = Net::Named(best->output(0), "best");
  EXPECT_THAT(Found(net.Build({values})),
              AllOf(HasSubstr("output `best` that may be"), HasSubstr("pooled")));
  EXPECT_THAT(Found(net.Build({Net::Softmax(Net::Named(best->output(0), "best"))})),
              HasSubstr("that may be class scores"));
}

TEST(FindFeatures, says_how_to_take_the_output_of_a_projection) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto embedding = Net::Named(Net::Dense(pooled, 5, 4), "embedding");
  EXPECT_EQ(FindFeatures(*net.Build({embedding}))->origin,
            "the input of the last dense layer, a classifier or a projection; option "
            "`features=embedding` "
            "takes its output");
  const auto hash = std::make_shared<ov::opset13::Tanh>(embedding);
  EXPECT_THAT(FindFeatures(*net.Build({Net::Named(hash, "hash")}))->origin,
              HasSubstr("option `features=hash` takes its output"));
  EXPECT_EQ(FindFeatures(*net.Build({Net::Softmax(embedding)}))->origin,
            "the input of the last dense layer");
}

TEST(FindFeatures, takes_a_headless_map) {
  const Net net({1, 3, 8, 6});
  const auto map = Net::Named(Net::Relu(Net::Convolution(net.image(), 3, 5, 2)), "map");
  EXPECT_EQ(Found(net.Build({map})), "map");
}

TEST(FindFeatures, refuses_two_outputs_and_lists_candidates) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto hidden = Net::Named(Net::Relu(Net::Dense(pooled, 5, 7)), "hidden");
  const auto model = net.Build({Net::Dense(pooled, 5, 4), Net::Dense(hidden, 7, 4)});
  const auto status = FindFeatures(*model).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), AllOf(HasSubstr("pooled"), HasSubstr("hidden")));
  EXPECT_THAT(status.message(), HasSubstr("\nhint: name one with option `features`"));
}

TEST(FindFeatures, accepts_two_outputs_after_one_tensor) {
  const Net net;
  const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, 5)), "pooled");
  const auto logits = Net::Dense(pooled, 5, 4);
  EXPECT_EQ(TensorName(FindFeatures(*net.Build({logits, Net::Softmax(logits)}))->tensor), "pooled");
}

TEST(FindFeatures, reads_a_tensor_or_a_layer_by_name) {
  const Net net;
  const auto map = Net::Named(Net::Relu(Net::Convolution(net.image(), 3, 5)), "map");
  map.get_node()->set_friendly_name("layer");
  const auto model = net.Build({Net::Dense(Net::Pool(map), 5, 4)});
  EXPECT_EQ(TensorName(NamedFeatures(*model, "map", "the test")->tensor), "map");
  EXPECT_EQ(TensorName(NamedFeatures(*model, "layer", "the test")->tensor), "map");
}

TEST(FindFeatures, says_that_a_name_is_unknown) {
  const Net net;
  const auto model = net.Build({Net::Pool(Net::Convolution(net.image(), 3, 5))});
  const auto status = NamedFeatures(*model, "gap", "the test").status();
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
  const auto status = NamedFeatures(*net.Build({cube}), "cube", "the test").status();
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

TEST(FeatureCandidates, have_what_a_convolution_before_the_pooling_reads) {
  const Net net;
  const auto map = Net::Named(Net::Relu(Net::Convolution(net.image(), 3, 5)), "map");
  const auto scores = Net::Named(Net::Relu(Net::Convolution(map, 5, 4)), "scores");
  const auto pooled = Net::Named(Net::Pool(scores), "pooled");
  EXPECT_THAT(Names(FeatureCandidates(*net.Build({pooled}))),
              ElementsAre("pooled", "scores", "map"));
}

TEST(FeatureCandidates, are_not_empty_tensors) {
  const Net net({1, 3, 8, 8});
  const auto none = std::make_shared<ov::opset13::Slice>(
      Net::Pool(net.image()), ov::opset13::Constant::create(ov::element::i64, {1}, {0}),
      ov::opset13::Constant::create(ov::element::i64, {1}, {0}),
      ov::opset13::Constant::create(ov::element::i64, {1}, {1}),
      ov::opset13::Constant::create(ov::element::i64, {1}, {1}));
  const auto status = FindFeatures(*net.Build({Net::Named(none, "nothing")})).status();
  EXPECT_THAT(status.message(), HasSubstr("`nothing` of shape [1,0]"));
}

TEST(FeatureCandidates, are_the_last_maps_where_there_is_no_vector) {
  const Net net;
  const auto map = Net::Named(Net::Relu(Net::Convolution(net.image(), 3, 5)), "map");
  const auto shape = ov::opset13::Constant::create(ov::element::i64, {3}, {1, 5, 64});
  const auto boxes = std::make_shared<ov::opset13::Reshape>(map, shape, false);
  EXPECT_EQ(Names(FeatureCandidates(*net.Build({boxes}))).at(0), "map");
}

}  // namespace
}  // namespace pomona
