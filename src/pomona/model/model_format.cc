#include "pomona/model/model_format.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace pomona {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::pair<std::string_view, ModelFormat>, 3> kExtensions = {{
    {".xml", ModelFormat::kIr},
    {".onnx", ModelFormat::kOnnx},
    {".tflite", ModelFormat::kTflite},
}};

}  // namespace

std::optional<ModelFormat> FormatOf(const fs::path& network) {
  std::error_code error;
  if (fs::is_directory(network, error)) {
    if (fs::exists(network / "saved_model.pb", error)) return ModelFormat::kSavedModel;
    return std::nullopt;
  }
  std::string kind = network.extension().string();
  for (char& c : kind) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (const auto& [extension, format] : kExtensions) {
    if (kind == extension) return format;
  }
  return std::nullopt;
}

}  // namespace pomona
