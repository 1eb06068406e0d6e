#include "pomona/features/made_here.h"

#include "pomona/base/json.h"
#include "pomona/shown_text.h"

namespace pomona {

std::string DifferingFromHere(const std::string& made_of, const Extractor& extractor) {
  const Json record = ParseJson(made_of).ValueOr(Json::object());
  const Model& model = extractor.model();
  std::string differing;
  const auto compare = [&](const char* name, const Json& recorded, const Json& here) {
    if (recorded.is_null() || recorded == here) return;
    const auto text = [](const Json& value) {
      return value.is_string() ? ShownText(value.get<std::string>()) : CompactJson(value);
    };
    differing += (differing.empty() ? "" : ", ") + std::string(name) + ": " + text(recorded) +
                 " and " + text(here);
  };
  compare("model.digest", record.value("model.digest", Json()), model.digest);
  compare("int8.digest", record.value("int8.digest", Json()), model.int8_digest);
  compare("features", record.value("features", Json()), extractor.feature_tensor());
  compare("precision", record.value("precision", Json()), PrecisionName(extractor.precision()));
  Json slices = Json::array();
  for (const FeatureSlice& slice : extractor.feature_slices()) {
    slices.push_back({{"tensor", slice.tensor}, {"pool", slice.pool}, {"length", slice.length}});
  }
  compare("feature_slices", record.value("feature_slices", Json()), slices);
  const ImageOptions& image = extractor.options().image;
  compare("width", record.value("width", Json()), image.width);
  compare("height", record.value("height", Json()), image.height);
  if (const Json preprocess = record.value("preprocess", Json());
      preprocess.is_object() && model.card.normalisation) {
    const Normalisation& normalisation = *model.card.normalisation;
    compare(
        "preprocess", preprocess,
        {{"mean", normalisation.mean}, {"scale", normalisation.scale}, {"bgr", normalisation.bgr}});
  }
  return differing;
}

}  // namespace pomona
