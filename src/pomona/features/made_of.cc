#include "pomona/features/made_of.h"

#include <cstdint>
#include <cstring>
#include <set>
#include <string_view>

#include "pomona/base/json.h"
#include "pomona/model.h"
#include "pomona/options.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

bool IsOfFeatures(const std::string& key) {
  return key.starts_with("pomona.") && key != "pomona.version";
}

std::string TextIn(const Json& record, const char* key) {
  const Json value = record.value(key, Json());
  return value.is_string() ? value.get<std::string>() : "";
}

/// Where pixels were not normalised as the model's card says, the preset that did it.
Status TakePreprocess(const Json& record, ExtractOptions* options) {
  ARROW_ASSIGN_OR_RAISE(const Model model, FindModel(options->model));
  const Json recorded = record.value("preprocess", Json());
  const auto is_recorded = [&](const Normalisation& one) {
    return recorded == Json{{"mean", one.mean}, {"scale", one.scale}, {"bgr", one.bgr}};
  };
  const auto& of_card = model.card.normalisation;
  if (recorded.is_null() || (of_card && is_recorded(*of_card))) return Status::OK();
  for (const std::string_view name : FindOption("preprocess")->choices) {
    ARROW_ASSIGN_OR_RAISE(const auto preset, PreprocessPreset(name));
    if (is_recorded(preset)) options->preprocess = name;
  }
  return Status::OK();
}

/// The network's own size is left out where no option could say it.
void TakeSize(const Json& record, ExtractOptions* options) {
  const Json width = record.value("width", Json());
  if (!width.is_number_integer() || width != record.value("height", Json())) return;
  options->input_size = width.get<int>();
  if (!options->Validate().ok()) options->input_size = 0;
}

}  // namespace

std::string MadeOf(const arrow::KeyValueMetadata& footer) {
  if (!footer.Contains("pomona.features")) return "";
  Json made_of = Json::object();
  for (int64_t i = 0; i < footer.size(); ++i) {
    const std::string& key = footer.key(i);
    if (!IsOfFeatures(key)) continue;
    if (key != "pomona.preprocessing") {
      made_of[key.substr(std::strlen("pomona."))] = footer.value(i);
      continue;
    }
    Json preprocessing = ParseJson(footer.value(i)).ValueOr(Json::object());
    // A column of views leaves the picture's own features as they are.
    if (!preprocessing.value("views_average", false)) preprocessing.erase("views");
    preprocessing.erase("views_average");
    // What older tables do not say is null in newer ones.
    for (const auto& [name, value] : preprocessing.items()) {
      if (!value.is_null()) made_of[name] = value;
    }
  }
  return CompactJson(made_of);
}

std::shared_ptr<arrow::KeyValueMetadata> MadeOfEntries(const arrow::KeyValueMetadata& footer) {
  auto entries = std::make_shared<arrow::KeyValueMetadata>();
  for (int64_t i = 0; i < footer.size(); ++i) {
    if (IsOfFeatures(footer.key(i))) entries->Append(footer.key(i), footer.value(i));
  }
  return entries;
}

std::string DifferingFeatures(const std::string& one_text, const std::string& other_text) {
  if (one_text.empty() || other_text.empty()) return "";
  const Json one = ParseJson(one_text).ValueOr(Json::object());
  const Json other = ParseJson(other_text).ValueOr(Json::object());
  std::set<std::string> names;
  for (const Json& made_of : {one, other}) {
    for (const auto& [name, value] : made_of.items()) names.insert(name);
  }
  const auto text = [](const Json& made_of, const std::string& name) {
    const Json value = made_of.value(name, Json());
    return value.is_string() ? ShownText(value.get<std::string>()) : CompactJson(value);
  };
  std::erase_if(names, [&](const std::string& name) {
    return one.value(name, Json()) == other.value(name, Json());
  });
  // Follows from the tensors and their pooling, and is long.
  if (names.size() > 1) names.erase("feature_slices");
  std::string differing;
  for (const std::string& name : names) {
    differing += (differing.empty() ? "" : ", ") + name + ": " + text(one, name) + " and " +
                 text(other, name);
  }
  return differing;
}

std::string DifferingTensors(const std::string& one, const std::string& other) {
  const auto comparable = [](const std::string& made_of) {
    if (made_of.empty()) return made_of;
    Json record = ParseJson(made_of).ValueOr(Json::object());
    for (const char* name : {"width", "height", "precision"}) record.erase(name);
    return CompactJson(record);
  };
  return DifferingFeatures(comparable(one), comparable(other));
}

Result<ExtractOptions> ExtractOptionsOf(const std::string& made_of, const std::string& model) {
  ARROW_ASSIGN_OR_RAISE(const Json record, ParseJson(made_of));
  if (!record.is_object()) return Status::Invalid("how features were made is no JSON object");
  ExtractOptions options;
  options.model = model.empty() ? TextIn(record, "model") : model;
  options.features = TextIn(record, "features");
  if (const std::string layout = TextIn(record, "features_layout");
      layout == "NCHW" || layout == "NHWC") {
    options.features_layout = layout;  // else the graph tells: it has maps of both
  }
  ARROW_ASSIGN_OR_RAISE(options.precision, ParsePrecision(TextIn(record, "precision")));
  if (const std::string pool = TextIn(record, "pool"); !pool.empty()) {
    ARROW_ASSIGN_OR_RAISE(options.pool, ParsePooling(pool));
  }
  // The record has views only where the features are the mean over them.
  options.views.emplace();
  if (const std::string views = TextIn(record, "views"); !views.empty()) {
    ARROW_ASSIGN_OR_RAISE(options.views, ParseViews(views));
    options.views_average = true;
  }
  if (const std::string filter = TextIn(record, "resize"); !filter.empty()) {
    ARROW_ASSIGN_OR_RAISE(options.image.filter, ParseResizeFilter(filter));
  }
  if (const std::string colour = TextIn(record, "background"); !colour.empty()) {
    ARROW_ASSIGN_OR_RAISE(options.image.background, ParseColour(colour));
  }
  options.image.exif_rotate = record.value("exif_rotate", Json()) == true;
  options.image.dct_scaling = record.value("dct_scaling", Json()) == true;
  ARROW_RETURN_NOT_OK(TakePreprocess(record, &options));
  TakeSize(record, &options);
  return options;
}

}  // namespace pomona
