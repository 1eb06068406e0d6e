#include "pomona/model/model_card.h"

#include <cmath>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "pomona/base/file_text.h"
#include "pomona/base/json_depth.h"
#include "pomona/error_kind.h"
#include "pomona/model/git_lfs_pointer.h"

namespace pomona {
namespace {

using nlohmann::json;

/// For a message: `value` as JSON, in ASCII, cut where it is long.
std::string Shown(const json& value) {
  constexpr size_t kLongest = 80;
  std::string text = value.dump(-1, ' ', /*ensure_ascii=*/true);
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return text;
}

/// Reads the members of one JSON object; every error names the card and the key.
class ObjectReader {
 public:
  ObjectReader(const std::string& path, std::string prefix)
      : path_(path), prefix_(std::move(prefix)) {}

  using Members = std::map<std::string, std::function<arrow::Status(const json&)>>;

  arrow::Status Read(const json& object, const Members& members) const {
    for (const auto& [key, value] : object.items()) {
      const auto member = members.find(key);
      if (member == members.end()) {
        std::string known;
        for (const auto& [name, unused] : members) known += (known.empty() ? "" : ", ") + name;
        return arrow::Status::Invalid("model card `", path_, "` has an unknown key `", prefix_, key,
                                      "`\nhint: known keys are ", known);
      }
      const arrow::Status status = member->second(value);
      if (!status.ok()) {
        return arrow::Status::Invalid("model card `", path_, "`: `", prefix_, key, "` must be ",
                                      status.message(), ", not ", Shown(value));
      }
    }
    return arrow::Status::OK();
  }

 private:
  const std::string& path_;
  std::string prefix_;
};

arrow::Status ReadText(const json& value, std::string* out) {
  if (!value.is_string()) return arrow::Status::Invalid("text");
  *out = value.get<std::string>();
  return arrow::Status::OK();
}

arrow::Status ReadPixels(const json& value, std::optional<int>* out) {
  constexpr int64_t kMaxPixels = 4096;
  if (!value.is_number_integer() || value.get<int64_t>() < 1 || value.get<int64_t>() > kMaxPixels) {
    return arrow::Status::Invalid("a whole number of pixels from 1 to ", kMaxPixels);
  }
  *out = value.get<int>();
  return arrow::Status::OK();
}

arrow::Status ReadLayout(const json& value, std::optional<std::string>* out) {
  if (value != "NCHW" && value != "NHWC") return arrow::Status::Invalid("\"NCHW\" or \"NHWC\"");
  *out = value.get<std::string>();
  return arrow::Status::OK();
}

arrow::Status ReadChannels(const json& value, bool positive, std::array<float, 3>* out) {
  const arrow::Status wrong =
      arrow::Status::Invalid(positive ? "a list of 3 numbers above 0" : "a list of 3 numbers");
  if (!value.is_array() || value.size() != out->size()) return wrong;
  for (size_t i = 0; i < out->size(); ++i) {
    if (!value[i].is_number()) return wrong;
    (*out)[i] = value[i].get<float>();
    if (!std::isfinite((*out)[i]) || (positive && (*out)[i] <= 0)) return wrong;
  }
  return arrow::Status::OK();
}

arrow::Status ReadBool(const json& value, bool* out) {
  if (!value.is_boolean()) return arrow::Status::Invalid("true or false");
  *out = value.get<bool>();
  return arrow::Status::OK();
}

arrow::Result<ModelCard> Parse(std::string_view text, const std::string& path) {
  if (NestsTooDeep(text)) {
    return arrow::Status::Invalid("model card `", path, "` nests more than ", kMaxJsonDepth,
                                  " levels deep");
  }
  const json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) {
    return arrow::Status::Invalid("model card `", path, "` is not a JSON object");
  }
  ModelCard card;
  Normalisation normalisation;
  std::optional<arrow::Status> nested;
  auto read_normalisation = [&](const json& value) -> arrow::Status {
    if (!value.is_object()) return arrow::Status::Invalid("an object with mean, scale and bgr");
    nested =
        ObjectReader(path, "normalisation.")
            .Read(value,
                  {{"mean",
                    [&](const json& v) { return ReadChannels(v, false, &normalisation.mean); }},
                   {"scale",
                    [&](const json& v) { return ReadChannels(v, true, &normalisation.scale); }},
                   {"bgr", [&](const json& v) { return ReadBool(v, &normalisation.bgr); }}});
    card.normalisation = normalisation;
    return arrow::Status::OK();
  };
  ARROW_RETURN_NOT_OK(ObjectReader(path, "").Read(
      object,
      {{"name", [&](const json& v) { return ReadText(v, &card.name); }},
       {"description", [&](const json& v) { return ReadText(v, &card.description); }},
       {"source", [&](const json& v) { return ReadText(v, &card.source); }},
       {"license", [&](const json& v) { return ReadText(v, &card.license); }},
       {"height", [&](const json& v) { return ReadPixels(v, &card.height); }},
       {"width", [&](const json& v) { return ReadPixels(v, &card.width); }},
       {"layout", [&](const json& v) { return ReadLayout(v, &card.layout); }},
       {"normalisation", read_normalisation},
       {"features", [&](const json& v) { return ReadText(v, &card.features); }},
       {"features_layout", [&](const json& v) { return ReadLayout(v, &card.features_layout); }}}));
  if (nested) ARROW_RETURN_NOT_OK(*nested);
  return card;
}

}  // namespace

arrow::Result<ModelCard> ParseModelCard(std::string_view text, const std::string& path) {
  auto card = Parse(text, path);
  if (!card.ok()) return AsDamagedData(card.status());
  return card;
}

arrow::Result<ModelCard> ReadModelCard(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const std::string text, FileText(path));
  ARROW_RETURN_NOT_OK(RefuseGitLfsPointer(path, text));
  return ParseModelCard(text, path);
}

}  // namespace pomona
