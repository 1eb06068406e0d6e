#include "pomona/model/chosen_features.h"
#include "pomona/model/feature_tensor.h"
#include "pomona/model/int8_file.h"
#include "pomona/model/network.h"
#include "pomona/model/openvino_core.h"

namespace pomona {
namespace {

TensorInfo Describe(const ov::Output<const ov::Node>& tensor) {
  TensorInfo info;
  info.name = TensorName(tensor);
  const ov::PartialShape& shape = tensor.get_partial_shape();
  if (shape.rank().is_dynamic()) {
    info.shape = "[...]";
  } else {
    info.shape = '[';
    for (size_t i = 0; i < shape.size(); ++i) {
      const int64_t length = shape[i].is_static() ? shape[i].get_length() : -1;
      if (i > 0) info.shape += ',';
      info.shape += std::to_string(length);
    }
    info.shape += ']';
  }
  info.type = tensor.get_element_type().get_type_name();
  return info;
}

}  // namespace

arrow::Result<ModelDetails> InspectModel(const Model& model) {
  ARROW_ASSIGN_OR_RAISE(const auto network, ReadNetwork(model));
  try {
    ModelDetails details;
    if (!model.int8_path.empty()) {
      const auto int8 = ReadInt8File(model.int8_path, model.int8_digest, model.digest);
      details.int8 = int8.ok() ? DescribeInt8File(*int8) : int8.status().message();
    }
    for (const auto& input : network->inputs()) details.inputs.push_back(Describe(input));
    for (const auto& output : network->outputs()) details.outputs.push_back(Describe(output));
    // What can be features is known once the input is; a network that wants a better card
    // is still worth showing.
    const auto input = FixInput(model.card, /*input_size=*/0, network.get());
    if (!input.ok()) {
      details.chosen_origin = input.status().message();
      return details;
    }
    const auto chosen = ChooseFeatures(*network, model.card, *input, {});
    if (chosen.ok()) {
      const FeatureFacts facts = FactsOf(*chosen, *input, {});
      details.chosen = facts.tensor;
      details.chosen_origin = facts.origin;
      details.feature_candidates.push_back(Describe(chosen->sources.front().tensor));
    } else {
      details.chosen_origin = chosen.status().message();
    }
    const auto levels = ChooseFeatures(*network, model.card, *input, {"levels", {}, {}});
    if (levels.ok()) {
      for (const auto& source : levels->sources) details.levels.push_back(Describe(source.tensor));
      details.levels.pop_back();  // the last is no level
      details.levels_origin = levels->origin;
    } else {
      details.levels_origin = levels.status().message();
    }
    for (const auto& candidate : FeatureCandidates(*network)) {
      if (TensorName(candidate) != details.chosen) {
        details.feature_candidates.push_back(Describe(candidate));
      }
    }
    return details;
  } catch (const std::exception& exception) {
    return OpenVinoError(arrow::StatusCode::Invalid, "cannot inspect model `" + model.path + "`",
                         exception);
  }
}

}  // namespace pomona
