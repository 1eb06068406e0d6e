#pragma once

#include <memory>
#include <openvino/core/model.hpp>

#include "pomona/model.h"
#include "pomona/model/network_input.h"

namespace pomona {

/// Puts pixels in front of a network that takes one normalised image: afterwards it takes
/// [1, height, width, 3] uint8 RGB. `network` is changed and returned.
std::shared_ptr<ov::Model> TakePixels(const NetworkInput& input, const Normalisation& normalisation,
                                      std::shared_ptr<ov::Model> network);

}  // namespace pomona
