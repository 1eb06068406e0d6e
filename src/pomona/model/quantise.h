#pragma once

#include <arrow/status.h>

#include <openvino/core/model.hpp>
#include <string>

#include "pomona/model/int8_file.h"

namespace pomona {

/// Makes `network`, the part of a network that computes its features, round the data and the
/// weights of its layers to 8 bits, which the engine takes as the wish to compute them so. Layers
/// whose data `file` has no range of stay as they are, and those that it keeps in f32.
/// Invalid where none is left.
arrow::Status Quantise(const Int8File& file, ov::Model* network);

/// DamagedData where `file`, which lies at `path`, speaks of tensors or layers that `network`, the
/// whole of it, does not have.
arrow::Status CheckInt8Names(const Int8File& file, const std::string& path,
                             const ov::Model& network);

}  // namespace pomona
