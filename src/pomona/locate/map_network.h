#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <openvino/runtime/infer_request.hpp>
#include <vector>

#include "pomona/extract.h"
#include "pomona/model/network.h"

namespace pomona {

/// Features of each cell of a picture.
struct FeatureMap {
  int height = 0, width = 0;  ///< cells
  int dim = 0;
  std::vector<float> cells;  ///< [height][width][dim]
};

/// A network up to the map whose mean is its features. For one thread.
class MapNetwork {
 public:
  /// `extract`: how the features are made. Invalid: they are no mean of one map; and the errors of
  /// Engine::Load.
  static arrow::Result<MapNetwork> Load(const ExtractOptions& extract, int threads);

  int image_height() const { return image_height_; }
  int image_width() const { return image_width_; }

  /// pixels: [image_height, image_width, 3] uint8 RGB. The error is what the engine said.
  arrow::Result<FeatureMap> Of(const std::vector<uint8_t>& pixels);

 private:
  MapNetwork() = default;

  ov::InferRequest request_;
  int image_height_ = 0, image_width_ = 0;
  bool channels_first_ = true;
};

}  // namespace pomona
