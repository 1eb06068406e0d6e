#include "pomona/serve/infer_request.h"

#include <arrow/util/base64.h>

#include <charconv>
#include <cstring>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr char kInput[] = "images";

/// Of an object that may not be one; null: it is not there.
const Json& Member(const Json& object, const char* key) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found == object.end() ? none : *found;
}

/// Of a member that must be such a list, if it is there. Not a copy: photos may be in it.
Result<const Json*> ListIn(const Json& object, const char* key) {
  static const Json none = Json::array();
  const Json& list = Member(object, key);
  if (list.is_null()) return &none;
  if (!list.is_array()) return Status::Invalid("`", key, "` is no list");
  return &list;
}

Result<std::string> TextIn(const Json& object, const char* key) {
  const Json& text = Member(object, key);
  if (text.is_null()) return "";
  if (!text.is_string()) return Status::Invalid("`", key, "` is no text");
  return text.get<std::string>();
}

Result<bool> FlagIn(const Json& parameters, const char* key, bool otherwise) {
  const Json& flag = Member(parameters, key);
  if (flag.is_null()) return otherwise;
  if (!flag.is_boolean()) return Status::Invalid("parameter `", key, "` is true or false");
  return flag.get<bool>();
}

/// The images that the shape promises: [n] or [n, 1].
Result<size_t> ImagesOf(const Json& input) {
  ARROW_ASSIGN_OR_RAISE(const Json* list, ListIn(input, "shape"));
  const Json& shape = *list;
  const bool right = (shape.size() == 1 || (shape.size() == 2 && shape[1] == 1)) &&
                     shape[0].is_number_integer() && shape[0] >= 1;
  if (!right) return Status::Invalid("the shape of `images` is [n] or [n, 1]");
  if (shape[0] > kMostInferImages) {
    return Status::Invalid("one request has ", kMostInferImages, " images at most");
  }
  return shape[0].get<size_t>();
}

/// Each image is four bytes of its length, little-endian, and itself.
Status TakeBinary(const std::shared_ptr<arrow::Buffer>& body, std::string_view bytes,
                  Photos* images) {
  while (!bytes.empty()) {
    uint32_t length = 0;
    if (bytes.size() < 4) return Status::Invalid("the binary data of `images` breaks off");
    for (size_t i = 4; i-- > 0;) length = length << 8 | static_cast<uint8_t>(bytes[i]);
    bytes.remove_prefix(4);
    if (length > bytes.size()) return Status::Invalid("the binary data of `images` breaks off");
    if (images->size() == kMostInferImages) break;
    images->push_back(SliceOf(body, bytes.substr(0, length)));
    bytes.remove_prefix(length);
  }
  return Status::OK();
}

/// Lists in lists are read as one, as the protocol allows.
Status TakeBase64(const Json& data, int depth, Photos* images) {
  if (data.is_array() && depth < 2) {
    for (const Json& one : data) ARROW_RETURN_NOT_OK(TakeBase64(one, depth + 1, images));
    return Status::OK();
  }
  if (!data.is_string()) return Status::Invalid("`data` of `images` is a list of base64 texts");
  if (images->size() > kMostInferImages) return Status::OK();
  auto decoded = arrow::util::base64_decode(data.get<std::string>());
  if (!decoded.ok()) return Status::Invalid("`data` of `images` is not base64");
  images->push_back(arrow::Buffer::FromString(*std::move(decoded)));
  return Status::OK();
}

Status TakeInput(const Json& json, const std::shared_ptr<arrow::Buffer>& body,
                 std::string_view binary, InferRequest* request) {
  ARROW_ASSIGN_OR_RAISE(const Json* inputs, ListIn(json, "inputs"));
  if (inputs->size() != 1) return Status::Invalid("the model has one input, `images`");
  const Json& input = inputs->front();
  ARROW_ASSIGN_OR_RAISE(const std::string name, TextIn(input, "name"));
  if (name != kInput) {
    return Status::Invalid("the model has no input `", ShownText(name), "`\nhint: `images`");
  }
  ARROW_ASSIGN_OR_RAISE(const std::string type, TextIn(input, "datatype"));
  if (type != "BYTES") {
    return Status::Invalid("`images` is of type BYTES, got `", ShownText(type),
                           "`\nhint: each element is an encoded image");
  }
  ARROW_ASSIGN_OR_RAISE(const size_t count, ImagesOf(input));
  const Json& size = Member(Member(input, "parameters"), "binary_data_size");
  if (size.is_null()) {
    if (!binary.empty()) return Status::Invalid("there is binary data that belongs to no input");
    ARROW_RETURN_NOT_OK(TakeBase64(Member(input, "data"), 0, &request->images));
  } else {
    if (!size.is_number_integer() || size != binary.size()) {
      return Status::Invalid(
          "`binary_data_size` of `images` is not what follows the JSON: ", binary.size(), " bytes");
    }
    ARROW_RETURN_NOT_OK(TakeBinary(body, binary, &request->images));
  }
  if (request->images.size() == count) return Status::OK();
  return Status::Invalid("the shape of `images` says ", count, ", its data has ",
                         request->images.size());
}

Status TakeOutputs(const Json& json, InferRequest* request) {
  ARROW_ASSIGN_OR_RAISE(request->binary_outputs,
                        FlagIn(Member(json, "parameters"), "binary_data_output", false));
  ARROW_ASSIGN_OR_RAISE(const Json* outputs, ListIn(json, "outputs"));
  for (const Json& output : *outputs) {
    ARROW_ASSIGN_OR_RAISE(const std::string name, TextIn(output, "name"));
    const Json& parameters = Member(output, "parameters");
    if (!Member(parameters, "classification").is_null()) {
      return Status::Invalid("the parameter `classification` is not served",
                             "\nhint: output `label` has the names");
    }
    ARROW_ASSIGN_OR_RAISE(const bool binary,
                          FlagIn(parameters, "binary_data", request->binary_outputs));
    request->outputs.push_back({.name = name, .binary = binary});
  }
  return Status::OK();
}

}  // namespace

Result<InferRequest> ParseInferRequest(std::string_view json_length,
                                       const std::shared_ptr<arrow::Buffer>& body) {
  const std::string_view whole(*body);
  size_t length = whole.size();
  if (!json_length.empty()) {
    const char* end = json_length.data() + json_length.size();
    const auto [last, error] = std::from_chars(json_length.data(), end, length);
    if (error != std::errc() || last != end || length > whole.size()) {
      return Status::Invalid("Inference-Header-Content-Length is no length within the body");
    }
  }
  const auto json = ParseJson(whole.substr(0, length));
  if (!json.ok()) return Status::Invalid("the request ", json.status().message());
  if (!json->is_object()) return Status::Invalid("the request is no JSON object");
  InferRequest request;
  ARROW_ASSIGN_OR_RAISE(request.id, TextIn(*json, "id"));
  ARROW_RETURN_NOT_OK(TakeOutputs(*json, &request));
  ARROW_RETURN_NOT_OK(TakeInput(*json, body, whole.substr(length), &request));
  return request;
}

}  // namespace pomona
