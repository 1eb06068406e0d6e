#pragma once

#include <cstddef>
#include <map>
#include <openvino/core/model.hpp>
#include <optional>
#include <string>
#include <utility>

#include "pomona/model/constant_nodes.h"

namespace pomona {

/// Which axis of the maps of a network, its tensors of four axes, holds the channels.
class ChannelAxes {
 public:
  /// `input_layout`: of the network's image, "NCHW" or "NHWC". Cost: one walk over the graph, which
  /// must outlive this.
  ChannelAxes(const ov::Model& network, const std::string& input_layout);

  /// 1 or 3. It follows from the layer that makes the map (a convolution's channels are axis 1, a
  /// dense layer's the last) or, where no such layer comes before it, from the input; and from the
  /// transpositions after that. Absent where a layer between has unknown consequences, or two ways
  /// through the graph contradict each other.
  std::optional<size_t> Of(const ov::Output<ov::Node>& map) const;

 private:
  std::optional<size_t> AxisOf(const ov::Node* node) const;
  std::optional<size_t> OfProduct(const ov::Node* node) const;
  std::optional<size_t> OfTransposed(const ov::Node* node) const;
  std::optional<size_t> Agreed(const ov::Node* node) const;

  const ConstantNodes constants_;
  const size_t input_axis_;
  std::map<std::pair<const ov::Node*, size_t>, size_t> known_;
};

}  // namespace pomona
