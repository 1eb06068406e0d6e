#include "pomona/model/network_input.h"

#include <utility>

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

ov::PartialShape ShapeOf(const NetworkInput& input) {
  if (input.layout == "NCHW") return {1, kChannels, input.height, input.width};
  return {1, input.height, input.width, kChannels};
}

arrow::Result<int> FindSize(const char* name, const std::optional<int>& card, int input_size,
                            const ov::Dimension& graph) {
  if (graph.is_dynamic()) {
    if (card && graph.compatible(*card)) return *card;
    if (!card && input_size > 0 && graph.compatible(input_size)) return input_size;
    if (card) {
      return arrow::Status::Invalid("model card says ", name, " ", *card, ", but the input allows ",
                                    graph.to_string());
    }
    return arrow::Status::Invalid("model leaves the ", name, " of its input open\nhint: give \"",
                                  name, "\" in the card, or option `input_size`");
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

arrow::Result<NetworkInput> FixInput(const ModelCard& card, int input_size, ov::Model* network) {
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
                        FindSize("height", card.height, input_size, shape[channels_first ? 2 : 1]));
  ARROW_ASSIGN_OR_RAISE(input.width,
                        FindSize("width", card.width, input_size, shape[channels_first ? 3 : 2]));
  const ov::PartialShape fixed = ShapeOf(input);
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

arrow::Status ResizeInput(int input_size, NetworkInput* input, ov::Model* network) {
  NetworkInput wanted{input_size, input_size, input->layout};
  if (wanted.height == input->height && wanted.width == input->width) return arrow::Status::OK();
  try {
    network->reshape(ShapeOf(wanted));
  } catch (const std::exception& error) {
    return OpenVinoError(arrow::StatusCode::Invalid,
                         "option `input_size` is " + std::to_string(input_size) +
                             ", but layers of this model are "
                             "made for " +
                             std::to_string(input->width) + "x" + std::to_string(input->height),
                         error,
                         "leave the option out, or take a network of convolutions and pooling");
  }
  *input = std::move(wanted);
  return arrow::Status::OK();
}

}  // namespace pomona
