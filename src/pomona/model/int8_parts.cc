#include "pomona/model/int8_parts.h"

#include "pomona/model/int8_layers.h"
#include "pomona/model/network.h"

namespace pomona {

arrow::Result<Int8Parts> FindInt8Parts(const Model& model, const std::string& features,
                                       const std::string& features_layout) {
  ARROW_ASSIGN_OR_RAISE(const FeaturePart part,
                        FindFeaturePart(model, {features, features_layout, {}}, /*input_size=*/0));
  const auto layers = Int8Layers(*part.graph);
  Int8Parts parts;
  for (const Int8Layer& layer : layers) parts.layers.push_back(layer.name);
  parts.tensors = InputNames(layers);
  parts.height = part.input.height;
  parts.width = part.input.width;
  return parts;
}

}  // namespace pomona
