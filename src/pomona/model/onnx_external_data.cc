#include "pomona/model/onnx_external_data.h"

#include <array>

#include "pomona/model/protobuf_fields.h"

namespace pomona {
namespace {

/// The messages of onnx.proto below which a tensor can lie.
enum class Message { kModel, kTraining, kGraph, kNode, kAttribute, kFunction, kSparse, kTensor };

struct Child {
  Message parent;
  uint32_t field;
  Message child;
};

// onnx.proto gives the numbers of fields, for ever.
constexpr std::array kChildren = {
    Child{Message::kModel, 7, Message::kGraph},          // graph
    Child{Message::kModel, 20, Message::kTraining},      // training_info
    Child{Message::kModel, 25, Message::kFunction},      // functions
    Child{Message::kTraining, 1, Message::kGraph},       // initialization
    Child{Message::kTraining, 2, Message::kGraph},       // algorithm
    Child{Message::kGraph, 1, Message::kNode},           // node
    Child{Message::kGraph, 5, Message::kTensor},         // initializer
    Child{Message::kGraph, 15, Message::kSparse},        // sparse_initializer
    Child{Message::kNode, 5, Message::kAttribute},       // attribute
    Child{Message::kAttribute, 5, Message::kTensor},     // t
    Child{Message::kAttribute, 6, Message::kGraph},      // g
    Child{Message::kAttribute, 10, Message::kTensor},    // tensors
    Child{Message::kAttribute, 11, Message::kGraph},     // graphs
    Child{Message::kAttribute, 22, Message::kSparse},    // sparse_tensor
    Child{Message::kAttribute, 23, Message::kSparse},    // sparse_tensors
    Child{Message::kFunction, 7, Message::kNode},        // node
    Child{Message::kFunction, 11, Message::kAttribute},  // attribute_proto
    Child{Message::kSparse, 1, Message::kTensor},        // values
    Child{Message::kSparse, 2, Message::kTensor},        // indices
};

constexpr uint32_t kExternalData = 13;  // of a tensor: pairs of a key and a value
constexpr uint32_t kDataLocation = 14;
constexpr uint64_t kExternal = 1;
constexpr int kMaxDepth = 100;  // protobuf's own

using Bytes = std::span<const uint8_t>;

arrow::Result<std::string> LocationOf(Bytes pair) {
  ProtobufFields fields(pair);
  ProtobufField field;
  std::string key, value;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const bool more, fields.Next(&field));
    if (!more) return key == "location" ? value : std::string();
    if (field.number == 1) key = field.text();
    if (field.number == 2) value = field.text();
  }
}

arrow::Status ReadTensor(Bytes tensor, std::set<std::string>* locations) {
  ProtobufFields fields(tensor);
  ProtobufField field;
  std::set<std::string> own;
  bool external = false;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const bool more, fields.Next(&field));
    if (!more) break;
    if (field.number == kExternalData) {
      ARROW_ASSIGN_OR_RAISE(const std::string location, LocationOf(field.bytes));
      if (!location.empty()) own.insert(location);
    }
    if (field.number == kDataLocation) external = external || field.integer == kExternal;
  }
  if (!external) return arrow::Status::OK();
  if (own.empty()) return arrow::Status::Invalid("an external tensor names no file");
  locations->merge(own);
  return arrow::Status::OK();
}

arrow::Status Read(Message message, Bytes bytes, int depth, std::set<std::string>* locations) {
  if (depth > kMaxDepth) {
    return arrow::Status::Invalid("it nests more than ", kMaxDepth, " levels deep");
  }
  if (message == Message::kTensor) return ReadTensor(bytes, locations);
  ProtobufFields fields(bytes);
  ProtobufField field;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const bool more, fields.Next(&field));
    if (!more) return arrow::Status::OK();
    for (const Child& child : kChildren) {
      if (child.parent != message || child.field != field.number || !field.has_bytes) continue;
      ARROW_RETURN_NOT_OK(Read(child.child, field.bytes, depth + 1, locations));
    }
  }
}

}  // namespace

arrow::Result<std::set<std::string>> OnnxExternalLocations(Bytes onnx) {
  std::set<std::string> locations;
  ARROW_RETURN_NOT_OK(Read(Message::kModel, onnx, 1, &locations));
  return locations;
}

}  // namespace pomona
