#include "pomona/model/network_input.h"

#include "pomona/model/openvino_core.h"

namespace pomona {
namespace {

constexpr int64_t kChannels = 3;
constexpr int64_t kMaxPixels = 16'384;

arrow::Result<std::string> FindLayout(const ModelCard& card, const ov::PartialShape& shape) {
  const bool first = shape[1].compatible(kChannels);
  const bool last = shape[3].compatible(kChannels);
  if (!first && !last) {
    return arrow::Status::Invalid("model input has shape ", shape.to_string(),
                                  ", which is no RGB image: neither axis 1 nor axis 3 can be 3");
  }
  if (card.layout) {
    if (*card.layout == "NCHW" ? first : last) return *card.layout;
    return arrow::Status::Invalid("model card says layout ", *card.layout,
                                  ", but the input has shape ", shape.to_string());
  }
  // A fixed 3 on one side decides against an open or a fixed one on the other.
  if (first != last) return first ? "NCHW" : "NHWC";
  if (shape[1].is_static() != shape[3].is_static()) return shape[1].is_static() ? "NCHW" : "NHWC";
  return arrow::Status::Invalid("model input of shape ", shape.to_string(),
                                " can be NCHW or NHWC\nhint: say which as \"layout\" in the card");
}

arrow::Result<int> FindSize(const char* name, const std::optional<int>& card,
                            const ov::Dimension& graph) {
  if (graph.is_dynamic()) {
    if (card && graph.compatible(*card)) return *card;
    if (card) {
      return arrow::Status::Invalid("model card says ", name, " ", *card, ", but the input allows ",
                                    graph.to_string());
    }
    return arrow::Status::Invalid("model leaves the ", name, " of its input open\nhint: give \"",
                                  name, "\" in the card");
  }
  if (card && *card != graph.get_length()) {
    return arrow::Status::Invalid("model card says ", name, " ", *card, ", but the input has ",
                                  graph.get_length());
  }
  if (graph.get_length() < 1 || graph.get_length() > kMaxPixels) {
    return arrow::Status::Invalid("model input has the ", name, " ", graph.get_length(), "; 1 to ",
                                  kMaxPixels, " pixels are possible");
  }
  return static_cast<int>(graph.get_length());
}

}  // namespace

arrow::Result<NetworkInput> FixInput(const ModelCard& card, ov::Model* network) {
  if (network->inputs().size() != 1) {
    return arrow::Status::Invalid("model has ", network->inputs().size(),
                                  " inputs; one image input is wanted");
  }
  const ov::PartialShape shape = network->input().get_partial_shape();
  if (shape.rank().is_dynamic() || shape.size() != 4) {
    return arrow::Status::Invalid("model input has shape ", shape.to_string(),
                                  "; four axes are wanted: batch, channels, height, width");
  }
  NetworkInput input;
  ARROW_ASSIGN_OR_RAISE(input.layout, FindLayout(card, shape));
  const bool channels_first = input.layout == "NCHW";
  ARROW_ASSIGN_OR_RAISE(input.height,
                        FindSize("height", card.height, shape[channels_first ? 2 : 1]));
  ARROW_ASSIGN_OR_RAISE(input.width, FindSize("width", card.width, shape[channels_first ? 3 : 2]));
  const ov::PartialShape fixed = channels_first
                                     ? ov::PartialShape{1, kChannels, input.height, input.width}
                                     : ov::PartialShape{1, input.height, input.width, kChannels};
  try {
    if (shape != fixed) network->reshape(fixed);
  } catch (const std::exception& error) {
    return OpenVinoError(arrow::StatusCode::Invalid,
                         "model cannot take one image of " + std::to_string(input.width) + "x" +
                             std::to_string(input.height),
                         error);
  }
  return input;
}

}  // namespace pomona
