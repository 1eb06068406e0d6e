#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/model/protobuf_writer.h"

namespace pomona {

/// ONNX graphs for tests, written field by field: no ONNX library is linked.
namespace test_onnx {

using protobuf::Field;
using protobuf::Number;

inline std::string Pair(std::string_view key, std::string_view value) {
  return Field(13, Field(1, key) + Field(2, value));
}

/// A float tensor whose data lies at `location`.
inline std::string External(std::string_view name, const std::vector<uint64_t>& shape,
                            std::string_view location) {
  std::string tensor;
  for (const uint64_t length : shape) tensor += Number(1, length);
  tensor += Number(2, 1) + Field(8, name) + Pair("location", location);
  return tensor + Number(14, 1);
}

/// A graph's input or output of floats.
inline std::string Value(std::string_view name, const std::vector<uint64_t>& shape) {
  std::string dimensions;
  for (const uint64_t length : shape) dimensions += Field(1, Number(1, length));
  return Field(1, name) + Field(2, Field(1, Number(1, 1) + Field(2, dimensions)));
}

inline std::string Node(std::string_view kind, const std::vector<std::string>& inputs,
                        std::string_view output) {
  std::string node;
  for (const auto& input : inputs) node += Field(1, input);
  return node + Field(2, output) + Field(4, kind);
}

/// A model of opset 17 around the fields of a graph.
inline std::string Model(std::string_view graph) {
  return Number(1, 8) + Field(8, Number(2, 17)) + Field(7, graph);
}

/// [1,3,4,6] -> global pooling -> MatMul with `w` [3,2], "hidden" -> MatMul with `v` [2,3],
/// "logits". The six floats at `location` are both `w` and `v`.
inline std::string Classifier(std::string_view location) {
  return Model(Field(1, Node("GlobalAveragePool", {"image"}, "pool")) +
               Field(1, Node("Flatten", {"pool"}, "flat")) +
               Field(1, Node("MatMul", {"flat", "w"}, "hidden")) +
               Field(1, Node("MatMul", {"hidden", "v"}, "logits")) + Field(2, "g") +
               Field(5, External("w", {3, 2}, location)) +
               Field(5, External("v", {2, 3}, location)) + Field(11, Value("image", {1, 3, 4, 6})) +
               Field(12, Value("logits", {1, 3})));
}

}  // namespace test_onnx
}  // namespace pomona
