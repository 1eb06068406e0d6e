#include "pomona/model/chosen_features.h"

#include <nlohmann/json.hpp>
#include <openvino/core/node.hpp>

#include "pomona/model/channel_axis.h"
#include "pomona/model/feature_tensor.h"
#include "pomona/model/tensor_kind.h"

namespace pomona {
namespace {

/// The layout of the map `tensor`, and who says so.
struct Layout {
  std::string name;
  std::string origin;
};

arrow::Result<Layout> FindLayout(const ov::Model& network, const ov::Output<ov::Node>& tensor,
                                 const ModelCard& card, const NetworkInput& input,
                                 const FeatureWish& wish) {
  if (!wish.layout.empty()) return Layout{wish.layout, ", as option `features_layout` says"};
  // The card speaks of its own tensor.
  if (wish.tensor.empty() && card.features_layout) {
    return Layout{*card.features_layout, ", as the model's card says"};
  }
  if (const auto axis = ChannelAxis(network, tensor, input.layout)) {
    return Layout{*axis == 1 ? "NCHW" : "NHWC", ""};
  }
  return arrow::Status::Invalid("the graph does not tell which axis of tensor `",
                                TensorName(tensor), "` of shape ",
                                tensor.get_partial_shape().to_string(),
                                " holds its channels\nhint: option `features_layout` says "
                                "it, or \"features_layout\" in "
                                "the model's card");
}

}  // namespace

std::string FeatureFacts::ToText() const {
  const nlohmann::json facts = {tensor, origin, layout, input_layout};
  // The name of a tensor need not be UTF-8; JSON must be.
  return facts.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace);
}

FeatureFacts FeatureFacts::FromText(const std::string& text) {
  const auto facts = nlohmann::json::parse(text);
  return {facts.at(0).get<std::string>(), facts.at(1).get<std::string>(),
          facts.at(2).get<std::string>(), facts.at(3).get<std::string>()};
}

arrow::Result<ChosenFeatures> ChooseFeatures(const ov::Model& network, const ModelCard& card,
                                             const NetworkInput& input, const FeatureWish& wish) {
  FeatureTensor features;
  if (!wish.tensor.empty()) {
    ARROW_ASSIGN_OR_RAISE(features, NamedFeatures(network, wish.tensor, "option `features`"));
  } else if (!card.features.empty()) {
    ARROW_ASSIGN_OR_RAISE(features, NamedFeatures(network, card.features, "the model's card"));
  } else {
    ARROW_ASSIGN_OR_RAISE(features, FindFeatures(network));
  }
  ChosenFeatures chosen;
  chosen.tensor = features.tensor;
  chosen.facts.tensor = TensorName(features.tensor);
  chosen.facts.origin = features.origin;
  chosen.facts.input_layout = input.layout;
  const ov::Shape& shape = features.tensor.get_shape();
  if (IsMap(features.tensor)) {
    ARROW_ASSIGN_OR_RAISE(const Layout layout,
                          FindLayout(network, features.tensor, card, input, wish));
    chosen.channel_axis = layout.name == "NCHW" ? 1 : 3;
    chosen.facts.layout = layout.name;
    chosen.facts.origin += "; " + features.tensor.get_partial_shape().to_string() +
                           " averaged over height and width (" + layout.name + layout.origin + ")";
  } else {
    // All axes but one are of length 1: that one holds the numbers.
    for (size_t axis = 1; axis < shape.size(); ++axis) {
      if (shape[axis] > 1) chosen.channel_axis = axis;
    }
  }
  return chosen;
}

}  // namespace pomona
