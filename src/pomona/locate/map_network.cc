#include "pomona/locate/map_network.h"

#include <algorithm>
#include <openvino/opsets/opset13.hpp>
#include <openvino/runtime/core.hpp>
#include <optional>

#include "pomona/base/available_cores.h"
#include "pomona/model/int8_file.h"
#include "pomona/model/is_any.h"
#include "pomona/model/openvino_core.h"

namespace pomona {
namespace {

namespace ops = ov::opset13;
using arrow::Result;
using arrow::Status;

/// The averaging of which the features are made; null: there is none.
const ops::ReduceMean* MeanOf(const FeatureNetwork& network) {
  if (network.features.slices.size() != 1) return nullptr;
  const ov::Node* node = network.graph->get_results().at(0)->get_input_node_ptr(0);
  while (IsAny<ops::Reshape, ops::Squeeze, ops::Unsqueeze, ops::Convert>(node)) {
    node = node->get_input_node_ptr(0);
  }
  const auto* mean = ov::as_type<const ops::ReduceMean>(node);
  if (mean == nullptr || mean->get_input_partial_shape(0).size() != 4) return nullptr;
  return mean;
}

Result<FeatureNetwork> Build(const ExtractOptions& extract) {
  ARROW_ASSIGN_OR_RAISE(Model model, FindModel(extract.model));
  if (!extract.preprocess.empty()) {
    ARROW_ASSIGN_OR_RAISE(model.card.normalisation, PreprocessPreset(extract.preprocess));
  }
  std::optional<Int8File> int8;
  if (extract.precision == Precision::kInt8) {
    ARROW_RETURN_NOT_OK(RefuseWithoutInt8(model));
    ARROW_ASSIGN_OR_RAISE(int8, ReadInt8File(model.int8_path, model.int8_digest, model.digest));
  }
  return BuildFeatureNetwork(model, {extract.features, extract.features_layout, extract.pool},
                             extract.input_size, int8 ? &*int8 : nullptr);
}

}  // namespace

Result<MapNetwork> MapNetwork::Load(const ExtractOptions& extract, int threads) {
  ARROW_RETURN_NOT_OK(CheckOpenVinoProcess());
  ARROW_ASSIGN_OR_RAISE(const FeatureNetwork network, Build(extract));
  try {
    const ops::ReduceMean* mean = MeanOf(network);
    if (mean == nullptr) {
      return Status::Invalid("the classifier's features are no mean over one map of pixels",
                             "\nhint: extract with option `features=last`, and train again");
    }
    MapNetwork loaded;
    const auto axes = mean->get_reduction_axes().to_vector();
    loaded.channels_first_ = std::find(axes.begin(), axes.end(), 1) == axes.end();
    const ov::Shape image = network.graph->input().get_shape();
    loaded.image_height_ = static_cast<int>(image.at(1));
    loaded.image_width_ = static_cast<int>(image.at(2));
    const auto map = std::make_shared<ov::Model>(ov::OutputVector{mean->input_value(0)},
                                                 network.graph->get_parameters());
    loaded.request_ =
        OpenVino()
            .compile_model(map, "CPU",
                           ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY),
                           ov::inference_num_threads(threads > 0 ? threads : AvailableCores()),
                           ov::hint::inference_precision(ov::element::f32))
            .create_infer_request();
    return loaded;
  } catch (const std::exception& exception) {
    return OpenVinoError(arrow::StatusCode::Invalid, "cannot use model `" + extract.model + "`",
                         exception);
  }
}

Result<FeatureMap> MapNetwork::Of(const std::vector<uint8_t>& pixels) {
  try {
    ov::Tensor image = request_.get_input_tensor();
    std::copy(pixels.begin(), pixels.end(), image.data<uint8_t>());
    request_.infer();
    const ov::Tensor made = request_.get_output_tensor();
    const ov::Shape shape = made.get_shape();
    const size_t dim = shape.at(channels_first_ ? 1 : 3);
    const size_t count = made.get_size() / dim;
    FeatureMap map{.height = static_cast<int>(shape.at(channels_first_ ? 2 : 1)),
                   .width = static_cast<int>(shape.at(channels_first_ ? 3 : 2)),
                   .dim = static_cast<int>(dim),
                   .cells = std::vector<float>(made.get_size())};
    const float* values = made.data<const float>();
    for (size_t cell = 0; cell < count; ++cell) {
      for (size_t i = 0; i < dim; ++i) {
        map.cells[cell * dim + i] = values[channels_first_ ? i * count + cell : cell * dim + i];
      }
    }
    return map;
  } catch (const std::exception& exception) {
    return OpenVinoError(arrow::StatusCode::UnknownError, "inference failed", exception);
  }
}

}  // namespace pomona
