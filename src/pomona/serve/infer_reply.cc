#include "pomona/serve/infer_reply.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "pomona/base/json.h"
#include "pomona/classify/target_names.h"
#include "pomona/serve/short_number.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// Of the classes, not of images.
constexpr char kLabels[] = "labels";

/// One tensor of an answer. Of what it holds, one list is used: that of its type.
struct Tensor {
  std::vector<size_t> shape;
  std::vector<float> floats = {};
  std::vector<std::string> texts = {};
  std::vector<bool> flags = {};
};

/// What an output is of.
struct OutputKind {
  std::string name;
  const char* of;    ///< its name, without a target's
  const char* type;  ///< BYTES, FP32, BOOL
  size_t classifier = 0;
  size_t columns = 0;  ///< values an image; 0: one, and no axis for it
};

/// In their order. Of several targets, each output but the features has the end that a table's
/// columns have.
std::vector<OutputKind> OutputsOf(const ServedModel& model) {
  std::vector<OutputKind> outputs;
  const auto& classifiers = model.classifiers();
  for (size_t i = 0; i < classifiers.size(); ++i) {
    const auto classes = static_cast<size_t>(classifiers[i].classes());
    const auto add = [&](const char* of, const char* type, size_t columns) {
      outputs.push_back({.name = of + AnswerSuffix(classifiers[i], classifiers.size()),
                         .of = of,
                         .type = type,
                         .classifier = i,
                         .columns = columns});
    };
    add("label", "BYTES", 0);
    add("probability", "FP32", 0);
    add("unknown", "BOOL", 0);
    add("unknown_score", "FP32", 0);
    add("probabilities", "FP32", classes);
    add(kLabels, "BYTES", classes);
  }
  outputs.push_back({.name = "features",
                     .of = "features",
                     .type = "FP32",
                     .classifier = 0,
                     .columns = static_cast<size_t>(classifiers.front().dim())});
  return outputs;
}

Tensor Make(const OutputKind& output, const ServedModel& model, const PhotoFeatures& images,
            const Classifier::Answers& answers) {
  const Classifier& classifier = model.classifiers()[output.classifier];
  const std::string_view of = output.of;
  const size_t count = answers.unknown.size();
  const auto classes = static_cast<size_t>(classifier.classes());
  if (of == kLabels) return {.shape = {classes}, .texts = classifier.labels()};
  if (of == "features") return {.shape = {count, output.columns}, .floats = images.values};
  if (of == "probabilities") return {.shape = {count, classes}, .floats = answers.probabilities};
  Tensor tensor = {.shape = {count}};
  for (size_t i = 0; i < count; ++i) {
    const auto row = answers.probabilities.begin() + static_cast<std::ptrdiff_t>(i * classes);
    const auto best = std::max_element(row, row + static_cast<std::ptrdiff_t>(classes));
    if (of == "label") {
      tensor.texts.push_back(classifier.labels()[static_cast<size_t>(best - row)]);
    } else if (of == "probability") {
      tensor.floats.push_back(*best);
    } else if (of == "unknown_score") {
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

Result<const OutputKind*> FindOutput(const std::vector<OutputKind>& outputs,
                                     const std::string& name) {
  const auto found = std::ranges::find(outputs, name, &OutputKind::name);
  if (found != outputs.end()) return &*found;
  std::string known;
  for (const OutputKind& one : outputs) known += (known.empty() ? "" : ", ") + one.name;
  return Status::Invalid("the model has no output `", ShownText(name), "`\nhint: ", known);
}

}  // namespace

std::string ModelMetadata(const std::string& name, const ServedModel& model) {
  Json outputs = Json::array();
  for (const OutputKind& one : OutputsOf(model)) {
    Json shape = Json::array({-1});
    if (std::string_view(one.of) == kLabels) shape.clear();
    if (one.columns != 0) shape.push_back(one.columns);
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
  const auto kinds = OutputsOf(model);
  auto wanted = request.outputs;
  if (wanted.empty()) {
    for (const OutputKind& one : kinds) {
      wanted.push_back({.name = one.name, .binary = request.binary_outputs});
    }
  }
  std::vector<Classifier::Answers> answers;
  for (const Classifier& one : model.classifiers()) {
    answers.push_back(
        one.Answer(images.values.data(), static_cast<int64_t>(request.images.size())));
  }
  Json outputs = Json::array();
  std::string binary;
  for (const auto& one : wanted) {
    ARROW_ASSIGN_OR_RAISE(const OutputKind* kind, FindOutput(kinds, one.name));
    const Tensor tensor = Make(*kind, model, images, answers[kind->classifier]);
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
