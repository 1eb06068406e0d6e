#include "pomona/export/onnx_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openvino/opsets/opset13.hpp>
#include <openvino/runtime/core.hpp>
#include <vector>

#include "pomona/export/agreement.h"
#include "pomona/export/openvino_file.h"
#include "pomona/model/openvino_core.h"
#include "pomona/model/quantise.h"
#include "test_network.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::Pointwise;
using Net = TestNetwork;

Net::Value Called(const Net::Value& value, const std::string& name) {
  value.get_node()->set_friendly_name(name);
  return value;
}

Net::Value Plus(const Net::Value& x, size_t channels) {
  return std::make_shared<ops::Add>(x, Net::Weights({1, channels, 1, 1}));
}

/// image -> convolution + bias -> clamp -> filters of two groups, with a border on one side -> mean
std::shared_ptr<ov::Model> Example() {
  const Net net;
  const auto first =
      Called(Plus(Called(Net::Convolution(net.image(), 3, 8), "first"), 8), "biased");
  const auto clamp = Called(std::make_shared<ops::Clamp>(first, 0.0, 1.5), "clamp");
  const auto grouped =
      Called(std::make_shared<ops::GroupConvolution>(clamp, Net::Weights({2, 3, 4, 3, 3}),
                                                     ov::Strides{2, 2}, ov::CoordinateDiff{0, 0},
                                                     ov::CoordinateDiff{1, 1}, ov::Strides{1, 1}),
             "grouped");
  auto mean = Net::Pool(Plus(grouped, 6));
  mean.set_names({"mean"});
  return net.Build({mean});
}

std::shared_ptr<ov::Model> Rounded() {
  auto network = Example();
  Int8File file;
  file.ranges = {{"image", {-1, 1}}, {"clamp", {0, 1.5}}};
  EXPECT_TRUE(Quantise(file, network.get()).ok());
  return network;
}

std::vector<float> NumbersOf(const std::shared_ptr<ov::Model>& network) {
  auto request = OpenVino()
                     .compile_model(network, "CPU", ov::hint::inference_precision(ov::element::f32))
                     .create_infer_request();
  auto image = request.get_input_tensor();
  for (size_t i = 0; i < image.get_size(); ++i) {
    image.data<float>()[i] = static_cast<float>(i % 17) / 17 - 0.4F;
  }
  request.infer();
  const auto output = request.get_output_tensor();
  return {output.data<float>(), output.data<float>() + output.get_size()};
}

std::vector<float> NumbersOfOnnx(const ov::Model& network) {
  const std::string bytes = WriteOnnx(network, {}).ValueOrDie();
  return NumbersOf(ReadExported(ExportFormat::kOnnx, {.xml = "", .bin = bytes}).ValueOrDie());
}

TEST(OnnxFile, computes_what_the_graph_does) {
  EXPECT_THAT(NumbersOfOnnx(*Example()), Pointwise(FloatNear(1e-5F), NumbersOf(Example())));
}

TEST(OnnxFile, rounds_to_8_bits_what_the_graph_does) {
  const auto exact = NumbersOf(Example());
  const auto rounded = NumbersOf(Rounded());
  EXPECT_THAT(rounded, ::testing::Not(Pointwise(FloatNear(1e-5F), exact)));
  EXPECT_THAT(NumbersOfOnnx(*Rounded()), Pointwise(FloatNear(2e-3F), rounded));
  const auto bytes = [](const std::shared_ptr<ov::Model>& network) {
    return WriteOnnx(*network, {}).ValueOrDie();
  };
  EXPECT_EQ(bytes(Rounded()).find("FakeQuantize"), std::string::npos);
  EXPECT_NE(bytes(Rounded()).find("QuantizeLinear"), std::string::npos);
}

TEST(OnnxFile, is_the_same_bytes_for_the_same_graph) {
  EXPECT_EQ(WriteOnnx(*Rounded(), {{"key", "text"}}).ValueOrDie(),
            WriteOnnx(*Rounded(), {{"key", "text"}}).ValueOrDie());
}

TEST(OnnxFile, an_operation_that_it_does_not_know_is_named) {
  const Net net;
  const auto layer = std::make_shared<ops::Sigmoid>(Net::Pool(net.image()));
  layer->set_friendly_name("gate");
  layer->output(0).set_names({"out"});
  const auto refused = WriteOnnx(*net.Build({layer}), {}).status();
  EXPECT_TRUE(refused.IsInvalid());
  EXPECT_THAT(refused.message(), HasSubstr("operation `Sigmoid` (layer `gate`)"));
}

TEST(OpenVinoFile, keeps_whole_weights_and_computes_the_same) {
  const auto files = WriteOpenVino(Rounded(), {{"pomona.labels", "[\"a<b\"]"}}).ValueOrDie();
  const auto read = ReadExported(ExportFormat::kOpenVino, files).ValueOrDie();
  EXPECT_THAT(NumbersOf(read), Pointwise(FloatNear(1e-6F), NumbersOf(Rounded())));
  EXPECT_EQ(read->get_rt_info<std::string>("pomona", "labels"), "[\"a<b\"]");
  const auto exact = WriteOpenVino(Example(), {}).ValueOrDie();
  EXPECT_LT(files.bin.size(), exact.bin.size());
  const auto again = WriteOpenVino(Rounded(), {{"pomona.labels", "[\"a<b\"]"}}).ValueOrDie();
  EXPECT_EQ(files.xml, again.xml);
  EXPECT_EQ(files.bin, again.bin);
}

}  // namespace
}  // namespace pomona
