#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pomona/base/json.h"
#include "pomona/options.h"
#include "pomona/run/option_value.h"

namespace pomona {
namespace {

struct TypeName {
  std::string_view operator()(bool*) const { return "flag"; }
  std::string_view operator()(int*) const { return "integer"; }
  std::string_view operator()(int64_t*) const { return "integer"; }
  std::string_view operator()(double*) const { return "number"; }
  std::string_view operator()(std::chrono::milliseconds*) const { return "number"; }
  std::string_view operator()(std::string*) const { return "text"; }
  std::string_view operator()(std::vector<std::string>*) const { return "patterns"; }
  std::string_view operator()(const PathField&) const { return "path"; }
  std::string_view operator()(const TextField&) const { return "text"; }
  std::string_view operator()(RejectLimit*) const { return "limit"; }
};

struct Value {
  template <typename T>
  Json operator()(const T* value) const {
    return *value;
  }
  Json operator()(const std::chrono::milliseconds* value) const {
    return std::chrono::duration<double>(*value).count();
  }
  Json operator()(const PathField& field) const { return *field.value; }
  Json operator()(const TextField& field) const {
    const auto text = field.get();
    return text ? Json(*text) : Json(nullptr);
  }
  Json operator()(const RejectLimit* limit) const {
    const std::string text = limit->ToString();
    return text.empty() ? Json(nullptr) : Json(text);
  }
};

std::string SizeText(int64_t bytes) {
  constexpr const char* kUnits[] = {"", "KiB", "MiB", "GiB"};
  size_t unit = 0;
  for (; unit + 1 < std::size(kUnits) && bytes != 0 && bytes % 1024 == 0; ++unit) bytes /= 1024;
  return std::to_string(bytes) + kUnits[unit];
}

}  // namespace

std::string_view OptionGroupName(OptionGroup group) {
  switch (group) {
    case OptionGroup::kSource:
      return "source";
    case OptionGroup::kStream:
      return "stream";
    case OptionGroup::kStorage:
      return "storage";
    case OptionGroup::kModel:
      return "model";
    case OptionGroup::kImages:
      return "images";
    case OptionGroup::kOutput:
      return "output";
    default:
      return "resources";
  }
}

std::string Option::flag() const {
  if (!own_flag.empty()) return std::string(own_flag);
  std::string flag = "--" + std::string(name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string_view Option::type() const {
  RunOptions run;
  return std::visit(TypeName(), field(run));
}

std::string Option::default_text() const {
  if (!otherwise.empty() || type() == "flag") return "";
  const Json value = OptionValue(*this, RunOptions());
  if (unit == "bytes") return SizeText(value.get<int64_t>());
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array())
    return value.is_number_float() ? fmt::format("{}", value.get<double>()) : CompactJson(value);
  std::string list;
  for (const auto& text : value) list += (list.empty() ? "" : ", ") + text.get<std::string>();
  return list;
}

arrow::Status SetSeconds(const Option& option, double seconds, std::chrono::milliseconds* value) {
  constexpr double kLeast = 0.001, kMost = 86'400;
  if (!(seconds >= kLeast && seconds <= kMost)) {
    return arrow::Status::Invalid(option.name, " must be ", kLeast, " to ", kMost, " seconds, got ",
                                  seconds);
  }
  *value = std::chrono::milliseconds(static_cast<int64_t>(std::round(seconds * 1000)));
  return arrow::Status::OK();
}

Json OptionValue(const Option& option, const RunOptions& options) {
  RunOptions copy = options;
  return std::visit(Value(), option.field(copy));
}

std::string RunOptionsJson() {
  Json list = Json::array();
  for (const Option& option : RunOptionTable()) {
    Json surfaces = Json::array();
    if (option.surfaces & kCommandLine) surfaces.push_back("command line");
    if (option.surfaces & kPython) surfaces.push_back("python");
    if (option.surfaces & kSpark) surfaces.push_back("spark");
    const bool has_default = option.otherwise.empty();
    list.push_back({{"name", option.name},
                    {"flag", option.flag()},
                    {"group", OptionGroupName(option.group)},
                    {"type", option.type()},
                    {"unit", option.unit},
                    {"default", has_default ? OptionValue(option, RunOptions()) : Json(nullptr)},
                    {"default_text", has_default ? option.default_text() : option.otherwise},
                    {"help", option.help},
                    {"choices", option.choices},
                    {"surfaces", surfaces},
                    {"changes_rows", option.changes_rows},
                    {"makes_features", option.makes_features}});
  }
  return JsonDocument(list);
}

}  // namespace pomona
