#include "pomona/run/options_record.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "pomona/options.h"
#include "pomona/run/option_value.h"
#include "pomona/run/table_rule.h"
#include "pomona/storage/uri.h"
#include "pomona/table/table_schema.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using Json = nlohmann::ordered_json;

Json NormalisationRecord(const std::optional<Normalisation>& normalisation) {
  if (!normalisation) return nullptr;
  return {
      {"mean", normalisation->mean}, {"scale", normalisation->scale}, {"bgr", normalisation->bgr}};
}

/// Null for features that are no map.
Json LayoutRecord(const std::string& layout) {
  if (layout.empty()) return nullptr;
  return layout;
}

}  // namespace

arrow::Result<Json> OptionsRecord(const RunOptions& options, const ListingRule& rule,
                                  const Extractor& extractor) {
  ARROW_ASSIGN_OR_RAISE(const Uri source, Uri::Parse(options.list.source));
  const ModelCard& card = extractor.model().card;
  const ImageOptions& image = extractor.options().image;
  // What a listing and a model make of an option, and what they add to it.
  const std::map<std::string_view, Json> made_of = {
      {"glob", RuleRecord(rule)},
      {"model", {{"model", card.name}, {"model_digest", extractor.model().digest}}},
      {"features", {{"features", extractor.feature_tensor()}}},
      {"features_layout",
       {{"features_layout", LayoutRecord(extractor.feature_layout())},
        {"feature_dim", extractor.feature_dim()}}},
      {"precision", {{"precision", PrecisionName(extractor.precision())}}},
      {"preprocess",
       {{"preprocess", NormalisationRecord(card.normalisation)},
        {"layout", card.layout.value_or("")},
        {"width", image.width},
        {"height", image.height}}},
  };
  Json record = {{"source", source.ToString()}};
  for (const Option& option : RunOptionTable()) {
    if (!option.changes_rows) continue;
    const auto made = made_of.find(option.name);
    if (made != made_of.end()) {
      record.update(made->second);
    } else {
      record[std::string(option.name)] = OptionValue(option, options);
    }
  }
  return record;
}

std::shared_ptr<const arrow::KeyValueMetadata> FooterMetadata(const Json& record,
                                                              FeatureFormat format) {
  const auto text = [&](const char* key) {
    const Json& value = record.at(key);
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  Json preprocessing;
  for (const char* key : {"width", "height", "resize", "background", "exif_rotate", "dct_scaling",
                          "preprocess", "features_layout"}) {
    preprocessing[key] = record.at(key);
  }
  return arrow::key_value_metadata(
      {kSparkRowMetadataKey, "pomona.version", "pomona.model", "pomona.model.digest",
       "pomona.features", "pomona.precision", "pomona.preprocessing"},
      {SparkRowMetadata(format), kVersion, text("model"), text("model_digest"), text("features"),
       text("precision"), preprocessing.dump()});
}

}  // namespace pomona
