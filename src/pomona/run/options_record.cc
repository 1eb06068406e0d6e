#include "pomona/run/options_record.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

Json BackgroundRecord(const std::optional<std::array<uint8_t, 3>>& colour) {
  if (!colour) return nullptr;
  return fmt::format("#{:02x}{:02x}{:02x}", (*colour)[0], (*colour)[1], (*colour)[2]);
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
  const ImageOptions& image = extractor.options().image;
  Json record = {{"source", source.ToString()}};
  RecordRule(rule, record);
  record.update(Json{
      {"label", options.list.label},
      {"model", extractor.model().card.name},
      {"model_digest", extractor.model().digest},
      {"features", extractor.feature_tensor()},
      {"features_layout", LayoutRecord(extractor.feature_layout())},
      {"feature_dim", extractor.feature_dim()},
      {"precision", PrecisionName(extractor.precision())},
      {"preprocess", NormalisationRecord(extractor.model().card.normalisation)},
      {"layout", extractor.model().card.layout.value_or("")},
      {"width", image.width},
      {"height", image.height},
      {"resize", ResizeFilterName(image.filter)},
      {"background", BackgroundRecord(image.background)},
      {"exif_rotate", image.exif_rotate},
      {"dct_scaling", image.dct_scaling},
      {"max_pixels", image.max_pixels},
      {"max_bytes", image.max_bytes},
      {"rows_per_file", options.rows_per_file},
      {"features_as", FeatureFormatName(options.features_as)},
  });
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
