#pragma once

#include <cstddef>
#include <openvino/core/model.hpp>
#include <optional>
#include <string>

namespace pomona {

/// The axis of `map`, a tensor of four axes in `network`, that holds its channels: 1 or 3. It
/// follows from the layer that makes the map (a convolution's channels are axis 1, a dense layer's
/// the last) or, where no such layer comes before it, from `input_layout`, the input's ("NCHW" or
/// "NHWC"); and from the transpositions after that. Absent where a layer between has unknown
/// consequences, or two ways through the graph contradict each other.
std::optional<size_t> ChannelAxis(const ov::Model& network, const ov::Output<ov::Node>& map,
                                  const std::string& input_layout);

}  // namespace pomona
