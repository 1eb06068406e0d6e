#include "pomona/model/quantise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openvino/opsets/opset13.hpp>
#include <openvino/runtime/core.hpp>

#include "pomona/model/int8_layers.h"
#include "pomona/model/openvino_core.h"
#include "test_network.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
using Net = TestNetwork;

Net::Value Called(const Net::Value& value, const std::string& name) {
  value.get_node()->set_friendly_name(name);
  return value;
}

/// Each channel filtered by itself, 1x1.
Net::Value Depthwise(const Net::Value& x, size_t channels) {
  const ov::CoordinateDiff none{0, 0};
  return std::make_shared<ops::GroupConvolution>(x, Net::Weights({channels, 1, 1, 1, 1}),
                                                 ov::Strides{1, 1}, none, none, ov::Strides{1, 1});
}

/// image -> first -> relu -> depthwise, dense
std::shared_ptr<ov::Model> Example() {
  const Net net;
  const auto first = Called(Net::Convolution(net.image(), 3, 8), "first");
  const auto relu = Called(Net::Relu(first), "relu");
  const auto depthwise = Called(Depthwise(relu, 8), "depthwise");
  const auto pooled = Called(Net::Pool(depthwise), "pooled");
  return net.Build({Net::Dense(pooled, 8, 4)});
}

Int8File Ranges(std::map<std::string, ValueRange> ranges) {
  Int8File file;
  file.ranges = std::move(ranges);
  return file;
}

/// Of the FakeQuantize behind the tensor `name`: its lowest and its highest number.
std::map<std::string, std::pair<float, float>> RoundedData(const ov::Model& network) {
  std::map<std::string, std::pair<float, float>> found;
  for (const auto& node : network.get_ordered_ops()) {
    const auto source = node->get_input_size() > 0 ? node->get_input_node_shared_ptr(0) : nullptr;
    if (!ov::is_type<ops::FakeQuantize>(node) || ov::is_type<ops::Constant>(source)) continue;
    const auto bound = [&](size_t input) {
      return ov::as_type_ptr<ops::Constant>(node->get_input_node_shared_ptr(input))
          ->cast_vector<float>()[0];
    };
    const auto& names = source->output(0).get_names();
    found[names.empty() ? source->get_friendly_name() : *names.begin()] = {bound(1), bound(2)};
  }
  return found;
}

std::vector<float> NumbersOf(const std::shared_ptr<ov::Model>& network) {
  auto request = OpenVino().compile_model(network, "CPU").create_infer_request();
  auto image = request.get_input_tensor();
  auto* pixels = image.data<float>();
  for (size_t i = 0; i < image.get_size(); ++i) pixels[i] = static_cast<float>(i * 37 % 101) / 100;
  request.infer();
  const auto output = request.get_output_tensor();
  return {output.data<float>(), output.data<float>() + output.get_size()};
}

TEST(Int8Layers, are_convolutions_and_products_with_weights) {
  const auto network = Example();
  std::vector<std::string> names;
  for (const Int8Layer& layer : Int8Layers(*network)) names.push_back(layer.name);
  ASSERT_EQ(names.size(), 3);
  EXPECT_EQ(names[0], "first");
  EXPECT_EQ(names[1], "depthwise");
  EXPECT_THAT(InputNames(Int8Layers(*network)), ElementsAre("image", "relu", "pooled"));
}

TEST(Int8Layers, read_weights_through_what_a_file_keeps_them_in) {
  const Net net;
  const auto half =
      ops::Constant::create(ov::element::f16, {3, 4, 1, 1}, std::vector<float>(12, 2));
  const auto floats = std::make_shared<ops::Convert>(half, ov::element::f32);
  const auto turned = std::make_shared<ops::Transpose>(
      floats, ops::Constant::create(ov::element::i64, {4}, {1, 0, 2, 3}));
  const ov::CoordinateDiff none{0, 0};
  const auto convolution = std::make_shared<ops::Convolution>(
      net.image(), turned, ov::Strides{1, 1}, none, none, ov::Strides{1, 1});
  const auto layers = Int8Layers(*net.Build({convolution->output(0)}));
  ASSERT_EQ(layers.size(), 1);
  EXPECT_EQ(layers[0].weights->get_shape(), (ov::Shape{4, 3, 1, 1}));
  EXPECT_EQ(layers[0].weights->get_vector<float>(), std::vector<float>(12, 2));
}

TEST(Int8Layers, are_none_where_both_sides_come_from_the_image) {
  const Net net;
  const auto product =
      std::make_shared<ops::MatMul>(net.image(), Net::Relu(net.image()), false, true);
  EXPECT_TRUE(Int8Layers(*net.Build({product->output(0)})).empty());
}

TEST(ObserveInputs, gives_the_lowest_and_the_highest_number_of_each) {
  const auto network = Example();
  const auto ranges = ObserveInputs(*network, Int8Layers(*network));
  const auto numbers = NumbersOf(ranges);
  ASSERT_EQ(numbers.size(), 6);
  EXPECT_FLOAT_EQ(numbers[0], 0);
  EXPECT_FLOAT_EQ(numbers[1], 1);
  EXPECT_GE(numbers[2], 0);
  EXPECT_GT(numbers[3], numbers[2]);
}

TEST(Quantise, rounds_the_data_of_each_layer_around_zero) {
  const auto network = Example();
  ASSERT_TRUE(Quantise(Ranges({{"image", {-1, 1.02}}, {"relu", {0.5, 6}}, {"pooled", {0, 0}}}),
                       network.get())
                  .ok());
  const auto data = RoundedData(*network);
  ASSERT_EQ(data.size(), 3);
  const auto [low, high] = data.at("image");
  const float step = (high - low) / 255;
  EXPECT_NEAR(std::round(low / step), low / step, 1e-3) << "zero is one of the numbers";
  EXPECT_LE(low, -1);
  EXPECT_GE(high, 1.02F);
  EXPECT_LT(high - low, 2.05F);
  EXPECT_EQ(data.at("relu"), (std::pair<float, float>(0, 6)));
  EXPECT_EQ(data.at("pooled"), (std::pair<float, float>(0, 1)));
}

TEST(Quantise, leaves_layers_in_f32_that_it_has_no_range_of_or_that_are_kept) {
  const auto network = Example();
  Int8File file = Ranges({{"image", {0, 1}}, {"relu", {0, 6}}});
  file.float_layers = {"first"};
  ASSERT_TRUE(Quantise(file, network.get()).ok());
  EXPECT_THAT(RoundedData(*network), ElementsAre(Pair("relu", Pair(0, 6))));
}

TEST(Quantise, rounds_a_tensor_once_for_all_its_readers) {
  const Net net;
  const auto relu = Called(Net::Relu(net.image()), "relu");
  const auto network =
      net.Build({Net::Convolution(relu, 3, 4), Net::Convolution(relu, 3, 5), relu});
  ASSERT_TRUE(Quantise(Ranges({{"relu", {0, 1}}}), network.get()).ok());
  size_t rounded = 0;
  for (const auto& input : relu.get_target_inputs()) {
    if (ov::is_type<ops::FakeQuantize>(input.get_node())) ++rounded;
  }
  EXPECT_EQ(rounded, 1);
  EXPECT_EQ(network->get_results()[2]->input_value(0), relu) << "who is no layer reads all of it";
}

TEST(Quantise, refuses_to_do_nothing) {
  const auto network = Example();
  const auto status = Quantise(Ranges({{"elsewhere", {0, 1}}}), network.get());
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), HasSubstr("no layer before the features"));
}

TEST(Quantise, makes_the_engine_compute_in_whole_numbers) {
  const auto network = Example();
  const auto exact = NumbersOf(network);
  ASSERT_TRUE(
      Quantise(Ranges({{"image", {0, 1}}, {"relu", {0, 2}}, {"pooled", {0, 2}}}), network.get())
          .ok());
  const auto compiled = OpenVino().compile_model(network, "CPU");
  size_t whole = 0;
  for (const auto& node : compiled.get_runtime_model()->get_ops()) {
    const auto& facts = node->get_rt_info();
    const auto type = facts.find("layerType");
    if (type == facts.end() || type->second.as<std::string>() != "Convolution") continue;
    const auto how = facts.at("primitiveType").as<std::string>();
    if (how.ends_with("_I8")) ++whole;
  }
  EXPECT_EQ(whole, 2);
  const auto rounded = NumbersOf(network);
  for (size_t i = 0; i < exact.size(); ++i) {
    EXPECT_NEAR(rounded[i], exact[i], 0.02 * std::abs(exact[i])) << i;
    EXPECT_NE(rounded[i], exact[i]);
  }
}

TEST(CheckInt8Names, names_what_the_network_does_not_have) {
  const auto network = Example();
  Int8File file = Ranges({{"image", {0, 1}}, {"relu", {0, 6}}});
  file.float_layers = {"first"};
  EXPECT_TRUE(CheckInt8Names(file, "m/int8.json", *network).ok());
  file.float_layers = {"fist"};
  const auto layer = CheckInt8Names(file, "m/int8.json", *network);
  EXPECT_TRUE(layer.IsSerializationError());
  EXPECT_EQ(layer.message(),
            "int8 file `m/int8.json`: `float` names `fist`, which the network does not have");
  file.ranges["rely"] = {0, 1};
  EXPECT_THAT(CheckInt8Names(file, "x", *network).message(), HasSubstr("`ranges` names `rely`"));
}

}  // namespace
}  // namespace pomona
