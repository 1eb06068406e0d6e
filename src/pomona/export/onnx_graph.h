#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/export/export_texts.h"

namespace pomona {

/// Types of tensors, by the numbers of ONNX's TensorProto.DataType.
enum class OnnxType : uint8_t { kFloat = 1, kUint8 = 2, kInt8 = 3, kInt32 = 6, kInt64 = 7 };

/// An ONNX model of opset 18, written node by node: onnx.proto3 of ONNX 1.13, IR version 8.
///
/// Some twenty fields of six messages are needed, which protobuf's own library would write by a
/// generated source of megabytes and a runtime that must be the one that it was generated for; in
/// one process with OpenVINO's, which has another inside.
class OnnxGraph {
 public:
  /// One attribute of a node, as its bytes.
  static std::string Integer(std::string_view name, int64_t value);
  static std::string Integers(std::string_view name, std::span<const int64_t> values);
  static std::string Real(std::string_view name, float value);
  static std::string Text(std::string_view name, std::string_view text);

  /// A tensor that is part of the file. `bytes`: its numbers, little-endian, row-major.
  void AddTensor(std::string_view name, OnnxType type, std::span<const int64_t> shape,
                 std::string_view bytes);

  /// An operation with one output, after those whose outputs it reads; the empty name is an input
  /// that is left out.
  void AddNode(std::string_view kind, std::span<const std::string> inputs, std::string_view output,
               std::span<const std::string> attributes);

  /// `shape`: numbers, or names for lengths that are open.
  void AddInput(std::string_view name, OnnxType type, std::span<const std::string> shape);
  void AddOutput(std::string_view name, OnnxType type, std::span<const std::string> shape);

  /// The bytes of a file. `texts`: its metadata.
  std::string Finish(const ExportTexts& texts) const;

 private:
  std::string nodes_, tensors_, inputs_, outputs_;
};

}  // namespace pomona
