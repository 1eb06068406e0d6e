#include "pomona/model/depthwise_kernels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <openvino/runtime/core.hpp>
#include <string>

#include "pomona/model/openvino_core.h"
#include "test_network.h"

namespace pomona {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// What the engine computes `layer` by, as its execution graph says.
std::string KernelOf(const std::string& layer, const std::shared_ptr<ov::Model>& graph) {
  const auto compiled = OpenVino().compile_model(
      graph, "CPU", ov::hint::inference_precision(ov::element::f32), ov::num_streams(1));
  for (const auto& node : compiled.get_runtime_model()->get_ops()) {
    if (node->get_friendly_name() != layer) continue;
    return node->get_rt_info().at("primitiveType").as<std::string>();
  }
  return "";
}

TestNetwork::Value Depthwise(const TestNetwork::Value& x) {
  const ov::CoordinateDiff around{1, 1};
  const auto layer = std::make_shared<ov::opset13::GroupConvolution>(
      x, TestNetwork::Weights({64, 1, 1, 3, 3}), ov::Strides{1, 1}, around, around,
      ov::Strides{1, 1});
  layer->set_friendly_name("depthwise");
  return layer;
}

TEST(PreferDirectDepthwise, the_engine_obeys) {
  const TestNetwork net({1, 64, 28, 28});
  const auto expanded = TestNetwork::Relu(TestNetwork::Convolution(net.image(), 64, 64));
  const auto graph = net.Build({TestNetwork::Convolution(Depthwise(expanded), 64, 64)});
  PreferDirectDepthwise(graph.get());
  EXPECT_THAT(KernelOf("depthwise", graph), AllOf(HasSubstr("_dw"), Not(StartsWith("brg"))));
}

TEST(PreferDirectDepthwise, a_first_layer_stays_as_the_engine_has_it) {
  const TestNetwork net({1, 64, 28, 28});
  const auto graph = net.Build({TestNetwork::Convolution(Depthwise(net.image()), 64, 64)});
  const std::string before = KernelOf("depthwise", graph);
  PreferDirectDepthwise(graph.get());
  EXPECT_EQ(KernelOf("depthwise", graph), before);
}

}  // namespace
}  // namespace pomona
