#include "pomona/run/options_record.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "pomona/base/json.h"
#include "pomona/options.h"
#include "pomona/run/option_value.h"
#include "pomona/run/table_rule.h"
#include "pomona/table/table_schema.h"
#include "pomona/version.h"

namespace pomona {
namespace {

Json NormalisationRecord(const std::optional<Normalisation>& normalisation) {
  if (!normalisation) return nullptr;
  return {
      {"mean", normalisation->mean}, {"scale", normalisation->scale}, {"bgr", normalisation->bgr}};
}

constexpr const char* kPreprocessing[] = {
    "width",      "height",          "resize", "background",     "exif_rotate", "dct_scaling",
    "preprocess", "features_layout", "pool",   "feature_slices", "views",       "views_average"};

std::string TextOf(const Json& value) {
  return value.is_string() ? value.get<std::string>() : CompactJson(value);
}

/// Of other precisions than int8 it is what it was before there was one.
Json PrecisionRecord(const Extractor& extractor) {
  Json record = {{"precision", PrecisionName(extractor.precision())}};
  if (extractor.precision() == Precision::kInt8) {
    record["int8_digest"] = extractor.model().int8_digest;
  }
  return record;
}

/// Null for features that are no map.
Json LayoutRecord(const std::string& layout) {
  if (layout.empty()) return nullptr;
  return layout;
}

/// Null for features that are no map.
Json PoolRecord(const std::vector<FeatureSlice>& slices) {
  Json pool;
  for (const FeatureSlice& slice : slices) {
    if (!slice.pool.empty() && pool != "mean+std") {
      pool = PoolingName(slice.pool == "std" ? Pooling::kMeanStd : Pooling::kMean);
    }
  }
  return pool;
}

/// Null for the one that sets nothing.
Json PresetRecord(Preset preset) {
  if (preset == Preset::kSame) return nullptr;
  return PresetName(preset);
}

/// Null for none.
Json ViewsRecord(const std::vector<View>& views) {
  if (views.empty()) return nullptr;
  return ViewNames(views);
}

/// Null for features of one tensor, which are one slice.
Json SlicesRecord(const std::vector<FeatureSlice>& slices) {
  if (slices.size() < 2) return nullptr;
  Json record = Json::array();
  for (const FeatureSlice& slice : slices) {
    record.push_back({{"tensor", slice.tensor}, {"pool", slice.pool}, {"length", slice.length}});
  }
  return record;
}

}  // namespace

arrow::Result<std::string> OptionsRecord(const RunOptions& options, const Uri& source,
                                         const ListingRule& rule, const Extractor& extractor) {
  const ModelCard& card = extractor.model().card;
  const ImageOptions& image = extractor.options().image;
  // What a listing and a model make of an option, and what they add to it.
  const std::map<std::string_view, Json> made_of = {
      {"glob", RuleRecord(rule)},
      {"model", {{"model", card.name}, {"model_digest", extractor.model().digest}}},
      {"features",
       {{"features", extractor.feature_tensor()},
        {"feature_slices", SlicesRecord(extractor.feature_slices())}}},
      {"preset", {{"preset", PresetRecord(options.extract.preset)}}},
      {"pool", {{"pool", PoolRecord(extractor.feature_slices())}}},
      {"views", {{"views", ViewsRecord(*extractor.options().views)}}},
      {"input_size", Json::object()},  // width and height, below
      {"features_layout",
       {{"features_layout", LayoutRecord(extractor.feature_layout())},
        {"feature_dim", extractor.feature_dim()}}},
      {"precision", PrecisionRecord(extractor)},
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
  return CompactJson(record);
}

std::string RecordWith(const std::string& record, const std::string& more) {
  Json all = ParseJson(record).ValueOrDie();
  all.update(ParseJson(more).ValueOrDie());
  return CompactJson(all);
}

std::shared_ptr<const arrow::KeyValueMetadata> FooterMetadata(const std::string& record_text,
                                                              const arrow::Schema& columns) {
  const Json record = ParseJson(record_text).ValueOrDie();
  const auto text = [&](const char* key) { return TextOf(record.at(key)); };
  Json preprocessing;
  for (const char* key : kPreprocessing) preprocessing[key] = record.at(key);
  auto metadata = arrow::key_value_metadata(
      {kSparkRowMetadataKey, "pomona.version", "pomona.model", "pomona.model.digest",
       "pomona.features", "pomona.precision", "pomona.preprocessing"},
      {SparkRowMetadata(columns), kVersion, text("model"), text("model_digest"), text("features"),
       text("precision"), CompactJson(preprocessing)});
  if (record.contains("int8_digest")) metadata->Append("pomona.int8.digest", text("int8_digest"));
  return metadata;
}

std::vector<std::string> DifferingFooter(const std::string& record_text,
                                         const arrow::KeyValueMetadata* footer) {
  const Json record = ParseJson(record_text).ValueOr(Json::object());
  std::vector<std::string> differing;
  const auto compare = [&](const std::string& name, const std::string& found, const Json& wanted) {
    if (found == TextOf(wanted)) return;
    differing.push_back(name + ": " + found + " in its footer, " + TextOf(wanted) +
                        " in the record");
  };
  const auto said = [&](const char* key) {
    return footer == nullptr ? "nothing" : footer->Get(key).ValueOr("nothing");
  };
  for (const auto& [name, key] :
       {std::pair("pomona.model", "model"), std::pair("pomona.model.digest", "model_digest"),
        std::pair("pomona.features", "features"), std::pair("pomona.precision", "precision"),
        std::pair("pomona.int8.digest", "int8_digest")}) {
    if (record.contains(key)) compare(name, said(name), record.at(key));
  }
  const Json preprocessing = ParseJson(said("pomona.preprocessing")).ValueOr(Json::object());
  for (const char* key : kPreprocessing) {
    if (record.contains(key) && preprocessing.is_object() && preprocessing.contains(key)) {
      compare(std::string("pomona.preprocessing: ") + key, TextOf(preprocessing.at(key)),
              record.at(key));
    }
  }
  return differing;
}

}  // namespace pomona
