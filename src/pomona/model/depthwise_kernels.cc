#include "pomona/model/depthwise_kernels.h"

#include <fmt/format.h>

#include <openvino/frontend/manager.hpp>
#include <openvino/opsets/opset13.hpp>
#include <set>
#include <sstream>
#include <string_view>

namespace pomona {
namespace {

/// What is not named here comes behind what is, a product by way of a copy of the image among it.
constexpr std::string_view kOrder =
    "cpu:jit_avx512_dw,cpu:jit_avx2_dw,cpu:brgconv_avx512_dw,cpu:brgconv_avx2_dw,cpu:jit_sse42_dw";

/// OpenVINO reads this wish from a network's file alone: the header of its type is not among those
/// that are installed.
constexpr std::string_view kWish = R"(<net name="wish" version="11"><layers>
<layer id="0" name="any" type="Parameter" version="opset1"><data shape="1" element_type="f32"/>
<rt_info><attribute name="primitives_priority" version="0" value="{}"/></rt_info>
<output><port id="0" precision="FP32"><dim>1</dim></port></output></layer>
<layer id="1" name="result" type="Result" version="opset1">
<input><port id="0" precision="FP32"><dim>1</dim></port></input></layer>
</layers><edges><edge from-layer="0" from-port="0" to-layer="1" to-port="0"/></edges></net>)";

ov::RTMap Wish() {
  std::istringstream text(fmt::format(kWish, kOrder));
  std::istream* stream = &text;
  ov::frontend::FrontEndManager manager;
  const auto frontend = manager.load_by_framework("ir");
  const auto network = frontend->convert(frontend->load(stream));
  return network->get_parameters().at(0)->get_rt_info();
}

}  // namespace

void PreferDirectDepthwise(ov::Model* graph) {
  const ov::RTMap wish = Wish();
  std::set<const ov::Node*> convolved;
  for (const auto& node : graph->get_ordered_ops()) {
    bool after_convolution = false;
    for (const auto& input : node->input_values()) {
      after_convolution |= convolved.contains(input.get_node());
    }
    if (after_convolution || ov::is_type<ov::opset13::Convolution>(node)) {
      convolved.insert(node.get());
    }
    // Before any other convolution, channels are in the image's order, which the direct kernels
    // cannot read.
    if (!after_convolution || !ov::is_type<ov::opset13::GroupConvolution>(node)) continue;
    for (const auto& [name, value] : wish) node->get_rt_info().insert({name, value});
  }
}

}  // namespace pomona
