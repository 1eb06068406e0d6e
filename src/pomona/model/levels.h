#pragma once

#include <openvino/core/model.hpp>
#include <vector>

#include "pomona/model/channel_axes.h"

namespace pomona {

/// The last map of each size in pixels on the way to `last`, in order of computation: early ones
/// tell colour and texture, late ones things. Left out are a map of which `last` is the mean, one
/// of a single pixel, what is computed before the first convolution, and what only changes the
/// shape of a map. Empty for a network without maps.
std::vector<ov::Output<ov::Node>> FindLevels(const ov::Model& network, const ChannelAxes& axes,
                                             const ov::Output<ov::Node>& last);

}  // namespace pomona
