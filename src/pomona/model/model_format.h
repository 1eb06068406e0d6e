#pragma once

#include <filesystem>
#include <optional>

namespace pomona {

enum class ModelFormat { kIr, kOnnx, kTflite, kSavedModel };

/// The format of the network at `network`: by its extension, in any case, or as a folder with a
/// saved_model.pb. Absent for anything else.
std::optional<ModelFormat> FormatOf(const std::filesystem::path& network);

}  // namespace pomona
