#include "pomona/export/openvino_file.h"

#include <openvino/core/graph_util.hpp>
#include <openvino/opsets/opset13.hpp>
#include <openvino/pass/serialize.hpp>
#include <sstream>

#include "pomona/export/rounded_weights.h"
#include "pomona/model/openvino_core.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;

/// Weights that are rounded when the graph is read become the whole numbers that come of it.
void KeepWholeWeights(const ov::Model& graph) {
  for (const auto& node : graph.get_ordered_ops()) {
    const auto weights = WeightsOf(node.get());
    if (!weights) continue;
    const auto whole = ops::Constant::create(ov::element::i8, weights->shape, weights->whole);
    const auto scales =
        ops::Constant::create(ov::element::f32, weights->scale_shape, weights->scales);
    const auto product = std::make_shared<ops::Multiply>(
        std::make_shared<ops::Convert>(whole, ov::element::f32), scales);
    ov::replace_node(node, product);
  }
}

/// OpenVINO calls what has no name by a number that it goes on counting.
void NameByPlace(const ov::Model& graph) {
  size_t place = 0;
  for (const auto& node : graph.get_ordered_ops()) {
    const std::string counted = std::string(node->get_type_name()) + "_" + std::to_string(place++);
    if (node->get_friendly_name() == node->get_name()) node->set_friendly_name(counted);
  }
}

}  // namespace

arrow::Result<OpenVinoFiles> WriteOpenVino(const std::shared_ptr<ov::Model>& graph,
                                           const ExportTexts& texts) {
  try {
    KeepWholeWeights(*graph);
    NameByPlace(*graph);
    graph->set_friendly_name("pomona");
    for (const auto& [key, text] : texts) {
      graph->set_rt_info(text, "pomona", key.substr(key.find('.') + 1));
    }
    std::ostringstream xml;
    std::ostringstream bin;
    ov::pass::Serialize(xml, bin).run_on_model(graph);
    return OpenVinoFiles{xml.str(), bin.str()};
  } catch (const std::exception& exception) {
    return OpenVinoError(arrow::StatusCode::Invalid, "cannot write the graph as OpenVINO IR",
                         exception);
  }
}

}  // namespace pomona
