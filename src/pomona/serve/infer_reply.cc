#include "pomona/serve/infer_reply.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <utility>
#include <vector>

#include "pomona/base/json.h"
#include "pomona/serve/short_number.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// One tensor of an answer. Of what it holds, one list is used: that of its type.
struct Tensor {
  std::vector<size_t> shape;
  std::vector<float> floats = {};
  std::vector<std::string> texts = {};
  std::vector<bool> flags = {};
};

/// What an image, or the model, has of an output.
struct OutputKind {
  const char* name;
  const char* type;
  /// Images times this; 0: a value an image.
  std::function<size_t(const ServedModel&)> columns;
};

const std::vector<OutputKind>& Outputs() {
  const auto one = [](const ServedModel&) { return size_t{0}; };
  const auto classes = [](const ServedModel& model) {
    return static_cast<size_t>(model.classifier().classes());
  };
  const auto dim = [](const ServedModel& model) {
    return static_cast<size_t>(model.classifier().dim());
  };
  static const std::vector<OutputKind> outputs = {
      {"label", "BYTES", one},         {"probability", "FP32", one},
      {"unknown", "BOOL", one},        {"unknown_score", "FP32", one},
      {"probabilities", "FP32", classes}, {"labels", "BYTES", classes},
      {"features", "FP32", dim},
  };
  return outputs;
}

Tensor Make(const std::string& name, const ServedModel& model, const PhotoFeatures& images,
            const Classifier::Answers& answers) {
  const Classifier& classifier = model.classifier();
  const size_t count = answers.unknown.size();
  const auto classes = static_cast<size_t>(classifier.classes());
  if (name == "labels") return {.shape = {classes}, .texts = classifier.labels()};
  if (name == "features") {
    return {.shape = {count, static_cast<size_t>(images.dim)}, .floats = images.values};
  }
  if (name == "probabilities") {
    return {.shape = {count, classes}, .floats = answers.probabilities};
  }
  Tensor tensor = {.shape = {count}};
  for (size_t i = 0; i < count; ++i) {
    const auto row = answers.probabilities.begin() + static_cast<std::ptrdiff_t>(i * classes);
    const auto best = std::max_element(row, row + static_cast<std::ptrdiff_t>(classes));
    if (name == "label") {
      tensor.texts.push_back(classifier.labels()[static_cast<size_t>(best - row)]);
    } else if (name == "probability") {
      tensor.floats.push_back(*best);
    } else if (name == "unknown_score") {
      tensor.floats.push_back(answers.unknown[i]);
    } else {
      tensor.flags.push_back(answers.unknown[i] > classifier.unknown_threshold());
    }
  }
  return tensor;
}

void AppendLittleEndian(uint32_t value, std::string* bytes) {
  for (int shift = 0; shift < 32; shift += 8) *bytes += static_cast<char>(value >> shift);
}

std::string BinaryOf(const Tensor& tensor) {
  std::string bytes;
  for (const float value : tensor.floats) {
    uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    AppendLittleEndian(bits, &bytes);
  }
  for (const std::string& text : tensor.texts) {
    AppendLittleEndian(static_cast<uint32_t>(text.size()), &bytes);
    bytes += text;
  }
  for (const bool flag : tensor.flags) bytes += flag ? '\1' : '\0';
  return bytes;
}

Json DataOf(const Tensor& tensor, const std::string& type) {
  if (type == "BYTES") return tensor.texts;
  if (type == "BOOL") return tensor.flags;
  Json data = Json::array();
  for (const float value : tensor.floats) data.push_back(ShortNumber(value));
  return data;
}

Result<const OutputKind*> FindOutput(const std::string& name) {
  const auto found = std::ranges::find(Outputs(), name, &OutputKind::name);
  if (found != Outputs().end()) return &*found;
  std::string known;
  for (const OutputKind& one : Outputs()) known += (known.empty() ? "" : ", ") + std::string(one.name);
  return Status::Invalid("the model has no output `", ShownText(name), "`\nhint: ", known);
}

}  // namespace

std::string ModelMetadata(const std::string& name, const ServedModel& model) {
  Json outputs = Json::array();
  for (const OutputKind& one : Outputs()) {
    const size_t columns = one.columns(model);
    Json shape = Json::array({-1});
    if (columns != 0) shape.push_back(columns);
    if (std::string_view(one.name) == "labels") shape = Json::array({columns});
    outputs.push_back({{"name", one.name}, {"datatype", one.type}, {"shape", shape}});
  }
  return CompactJson({{"name", name},
                      {"versions", {"1"}},
                      {"platform", "pomona"},
                      {"inputs", {{{"name", "images"}, {"datatype", "BYTES"}, {"shape", {-1}}}}},
                      {"outputs", outputs}});
}

Result<HttpReply> InferReply(const std::string& name, const ServedModel& model,
                             const InferRequest& request, const PhotoFeatures& images) {
  auto wanted = request.outputs;
  if (wanted.empty()) {
    for (const OutputKind& one : Outputs()) {
      wanted.push_back({.name = one.name, .binary = request.binary_outputs});
    }
  }
  const auto answers = model.classifier().Answer(
      images.values.data(), static_cast<int64_t>(request.images.size()));
  Json outputs = Json::array();
  std::string binary;
  for (const auto& one : wanted) {
    ARROW_ASSIGN_OR_RAISE(const OutputKind* kind, FindOutput(one.name));
    const Tensor tensor = Make(one.name, model, images, answers);
    Json output = {{"name", kind->name}, {"datatype", kind->type}, {"shape", tensor.shape}};
    if (one.binary) {
      const std::string bytes = BinaryOf(tensor);
      output["parameters"] = {{"binary_data_size", bytes.size()}};
      binary += bytes;
    } else {
      output["data"] = DataOf(tensor, kind->type);
    }
    outputs.push_back(std::move(output));
  }
  Json json = {{"model_name", name}, {"model_version", "1"}};
  if (!request.id.empty()) json["id"] = request.id;
  json["outputs"] = std::move(outputs);
  HttpReply reply = {.body = CompactJson(json)};
  if (binary.empty()) return reply;
  reply.content_type = "application/octet-stream";
  reply.headers.emplace_back("Inference-Header-Content-Length", std::to_string(reply.body.size()));
  reply.body += binary;
  return reply;
}

}  // namespace pomona
