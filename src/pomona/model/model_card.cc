#include "pomona/model/model_card.h"

#include <array>
#include <cmath>
#include <optional>
#include <set>

#include "pomona/base/file_text.h"
#include "pomona/base/json.h"
#include "pomona/base/json_fields.h"
#include "pomona/error_kind.h"
#include "pomona/model/git_lfs_pointer.h"

namespace pomona {
namespace {

void TakeText(JsonFields& fields, const char* key, std::string* text) {
  fields.Take(key, "text", [&](const Json& value) {
    if (value.is_string()) *text = value.get<std::string>();
    return value.is_string();
  });
}

void TakePixels(JsonFields& fields, const char* key, std::optional<int>* pixels) {
  constexpr int kMostPixels = 4096;
  fields.Take(key, "a whole number of pixels from 1 to 4096", [&](const Json& value) {
    if (!value.is_number_integer() || value < 1 || value > kMostPixels) return false;
    *pixels = value.get<int>();
    return true;
  });
}

void TakeLayout(JsonFields& fields, const char* key, std::optional<std::string>* layout) {
  fields.Take(key, "\"NCHW\" or \"NHWC\"", [&](const Json& value) {
    if (value != "NCHW" && value != "NHWC") return false;
    *layout = value.get<std::string>();
    return true;
  });
}

void TakeNames(JsonFields& fields, const char* key, std::vector<std::string>* names) {
  fields.Take(key, "a list of names, each once", [&](const Json& value) {
    if (!value.is_array()) return false;
    std::set<std::string> seen;
    for (const Json& name : value) {
      if (!name.is_string()) return false;
      names->push_back(name.get<std::string>());
      if (names->back().empty() || !seen.insert(names->back()).second) return false;
    }
    return !names->empty();
  });
}

bool IsChannel(const Json& value, bool positive) {
  return value.is_number() && std::isfinite(value.get<float>()) &&
         (!positive || value.get<float>() > 0);
}

void TakeChannels(JsonFields& fields, const char* key, bool positive,
                  std::array<float, 3>* channels) {
  fields.Take(key, positive ? "a list of 3 numbers above 0" : "a list of 3 numbers",
              [&](const Json& value) {
                if (!value.is_array() || value.size() != channels->size()) return false;
                for (const Json& channel : value) {
                  if (!IsChannel(channel, positive)) return false;
                }
                *channels = value.get<std::array<float, 3>>();
                return true;
              });
}

arrow::Result<ModelCard> Parse(std::string_view text, const std::string& name) {
  const auto parsed = ParseJson(text);
  if (!parsed.ok()) return DamagedData(name, " ", parsed.status().message());
  ModelCard card;
  JsonFields fields(*parsed, name);
  TakeText(fields, "name", &card.name);
  TakeText(fields, "description", &card.description);
  TakeText(fields, "source", &card.source);
  TakeText(fields, "license", &card.license);
  TakePixels(fields, "height", &card.height);
  TakePixels(fields, "width", &card.width);
  TakeLayout(fields, "layout", &card.layout);
  TakeText(fields, "features", &card.features);
  TakeLayout(fields, "features_layout", &card.features_layout);
  TakeNames(fields, "levels", &card.levels);
  arrow::Status nested;
  fields.Take("normalisation", "an object with mean, scale and bgr", [&](const Json& value) {
    if (!value.is_object()) return false;
    Normalisation& normalisation = card.normalisation.emplace();
    JsonFields inside(value, name, "normalisation.");
    TakeChannels(inside, "mean", /*positive=*/false, &normalisation.mean);
    TakeChannels(inside, "scale", /*positive=*/true, &normalisation.scale);
    normalisation.bgr = inside.Flag("bgr");
    nested = inside.Finish();
    return true;
  });
  ARROW_RETURN_NOT_OK(nested);
  ARROW_RETURN_NOT_OK(fields.Finish());
  return card;
}

}  // namespace

arrow::Result<ModelCard> ParseModelCard(std::string_view text, const std::string& path) {
  return Parse(text, "model card `" + path + "`");
}

arrow::Result<ModelCard> ReadModelCard(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(const std::string text, FileText(path));
  ARROW_RETURN_NOT_OK(RefuseGitLfsPointer(path, text));
  return ParseModelCard(text, path);
}

}  // namespace pomona
