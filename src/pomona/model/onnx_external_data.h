#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <set>
#include <span>
#include <string>

namespace pomona {

/// Where the tensors of an ONNX graph lie that are not in the graph's own file: each
/// `external_data` location once, as it is written there, unchecked. All tensors count:
/// initializers (sparse ones, too), attributes of nodes, subgraphs, functions, training graphs.
/// Invalid if `onnx` is no ONNX graph, nests more than 100 messages, or has an external tensor
/// without a location. Cost: one pass over the fields; weights inside the graph are skipped.
arrow::Result<std::set<std::string>> OnnxExternalLocations(std::span<const uint8_t> onnx);

}  // namespace pomona
