#include <array>
#include <utility>

#include "pomona/model.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

constexpr std::array<std::pair<Precision, std::string_view>, 4> kNames = {{
    {Precision::kF32, "f32"},
    {Precision::kBf16, "bf16"},
    {Precision::kAuto, "auto"},
    {Precision::kInt8, "int8"},
}};

}  // namespace

std::string_view PrecisionName(Precision precision) {
  for (const auto& [value, name] : kNames) {
    if (value == precision) return name;
  }
  return "f32";
}

arrow::Result<Precision> ParsePrecision(std::string_view name) {
  for (const auto& [value, known] : kNames) {
    if (known == name) return value;
  }
  return arrow::Status::Invalid("no precision `", ShownText(name),
                                "`\nhint: f32, bf16, int8 or auto");
}

}  // namespace pomona
