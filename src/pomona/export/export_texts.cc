#include "pomona/export/export_texts.h"

#include <fmt/format.h>

#include "pomona/base/json.h"
#include "pomona/version.h"

namespace pomona {
namespace {

constexpr char kFormat[] = "1";

/// The same of what whoever calls the graph must do before it.
std::string InputText(const ImageOptions& image) {
  Json background = nullptr;
  if (image.background) {
    const auto& [red, green, blue] = *image.background;
    background = fmt::format("#{:02x}{:02x}{:02x}", red, green, blue);
  }
  return CompactJson({{"type", "uint8"},
                      {"shape", {1, "height", "width", 3}},
                      {"colour", "RGB"},
                      {"exif_rotate", image.exif_rotate},
                      {"background", background}});
}

}  // namespace

ExportTexts TextsOf(const Classifier& classifier, const std::string& digest, const Model& model,
                    Precision precision, const ImageOptions& image) {
  const auto number = [](double value) { return CompactJson(value); };
  Json network = {{"name", model.card.name},
                  {"digest", model.digest},
                  {"license", model.card.license},
                  {"source", model.card.source}};
  if (precision == Precision::kInt8) network["int8_digest"] = model.int8_digest;
  return {{"pomona.format", kFormat},
          {"pomona.version", kVersion},
          {"pomona.labels", CompactJson(classifier.labels())},
          {"pomona.input", InputText(image)},
          {"pomona.unknown_threshold", number(classifier.unknown_threshold())},
          {"pomona.false_alarms", number(classifier.false_alarms())},
          {"pomona.coverage", number(classifier.coverage())},
          {"pomona.set_quantile", number(classifier.set_quantile())},
          {"pomona.precision", std::string(PrecisionName(precision))},
          {"pomona.classifier", "sha256:" + digest},
          {"pomona.method", std::string(LearnMethodName(classifier.method()))},
          {"pomona.network", CompactJson(network)},
          {"pomona.features", classifier.features()},
          {"pomona.license", model.card.license}};
}

}  // namespace pomona
