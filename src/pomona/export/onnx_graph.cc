#include "pomona/export/onnx_graph.h"

#include <algorithm>

#include "pomona/model/protobuf_writer.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using protobuf::Field;
using protobuf::Number;

constexpr int kIrVersion = 8;
constexpr int kOpset = 18;

/// Of AttributeProto.type.
enum class AttributeType : uint8_t { kFloat = 1, kInt = 2, kString = 3, kInts = 7 };

std::string Attribute(std::string_view name, AttributeType type, std::string_view value) {
  return Field(1, name).append(value) + Number(20, static_cast<uint64_t>(type));
}

/// A ValueInfoProto.
std::string ValueInfo(std::string_view name, OnnxType type, std::span<const std::string> shape) {
  std::string dimensions;
  for (const std::string& length : shape) {
    const bool is_number =
        std::all_of(length.begin(), length.end(), [](char c) { return c >= '0' && c <= '9'; });
    dimensions += Field(1, is_number ? Number(1, std::stoull(length)) : Field(2, length));
  }
  const std::string tensor = Number(1, static_cast<uint64_t>(type)) + Field(2, dimensions);
  return Field(1, name) + Field(2, Field(1, tensor));
}

}  // namespace

std::string OnnxGraph::Integer(std::string_view name, int64_t value) {
  return Attribute(name, AttributeType::kInt, Number(3, static_cast<uint64_t>(value)));
}

std::string OnnxGraph::Integers(std::string_view name, std::span<const int64_t> values) {
  std::string numbers;
  for (const int64_t value : values) numbers += Number(8, static_cast<uint64_t>(value));
  return Attribute(name, AttributeType::kInts, numbers);
}

std::string OnnxGraph::Real(std::string_view name, float value) {
  return Attribute(name, AttributeType::kFloat, protobuf::Real(2, value));
}

std::string OnnxGraph::Text(std::string_view name, std::string_view text) {
  return Attribute(name, AttributeType::kString, Field(4, text));
}

void OnnxGraph::AddTensor(std::string_view name, OnnxType type, std::span<const int64_t> shape,
                          std::string_view bytes) {
  std::string tensor;
  for (const int64_t length : shape) tensor += Number(1, static_cast<uint64_t>(length));
  tensor += Number(2, static_cast<uint64_t>(type)) + Field(8, name) + Field(9, bytes);
  tensors_ += Field(5, tensor);
}

void OnnxGraph::AddNode(std::string_view kind, std::span<const std::string> inputs,
                        std::string_view output, std::span<const std::string> attributes) {
  std::string node;
  for (const std::string& input : inputs) node += Field(1, input);
  node += Field(2, output) + Field(3, output) + Field(4, kind);
  for (const std::string& attribute : attributes) node += Field(5, attribute);
  nodes_ += Field(1, node);
}

void OnnxGraph::AddInput(std::string_view name, OnnxType type, std::span<const std::string> shape) {
  inputs_ += Field(11, ValueInfo(name, type, shape));
}

void OnnxGraph::AddOutput(std::string_view name, OnnxType type,
                          std::span<const std::string> shape) {
  outputs_ += Field(12, ValueInfo(name, type, shape));
}

std::string OnnxGraph::Finish(const ExportTexts& texts) const {
  std::string model = Number(1, kIrVersion) + Field(2, "pomona") + Field(3, kVersion) +
                      Field(8, Number(2, kOpset)) +
                      Field(7, nodes_ + Field(2, "pomona") + tensors_ + inputs_ + outputs_);
  for (const auto& [key, text] : texts) model += Field(14, Field(1, key) + Field(2, text));
  return model;
}

}  // namespace pomona
