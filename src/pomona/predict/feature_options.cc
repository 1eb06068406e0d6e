#include "pomona/predict/feature_options.h"

#include <utility>

#include "pomona/classify/extract_for_classifier.h"
#include "pomona/model/engine_facts.h"
#include "pomona/shown_text.h"

namespace pomona {

using arrow::Result;
using arrow::Status;

Result<ExtractOptions> FeatureOptionsFor(const Classifier& classifier, const std::string& named,
                                         const std::string& model, const ExtractOptions& here) {
  ARROW_ASSIGN_OR_RAISE(ExtractOptions made, ExtractForClassifier(classifier, named, model));
  if (made.precision == Precision::kBf16) {
    ARROW_ASSIGN_OR_RAISE(const auto engine, FindEngineFacts());
    if (engine.auto_precision != Precision::kBf16) {
      return Status::Invalid("the classifier ", ShownUri(named),
                             " learned from features in bf16, which this CPU cannot compute",
                             "\nhint: take a machine that can, or train on features in f32");
    }
  }
  made.image.max_pixels = here.image.max_pixels;
  made.image.max_bytes = here.image.max_bytes;
  made.image.max_image_seconds = here.image.max_image_seconds;
  made.image.max_image_memory = here.image.max_image_memory;
  ExtractOptions options = here;
  options.model = made.model;
  options.features = made.features;
  options.features_layout = made.features_layout;
  options.pool = made.pool;
  options.input_size = made.input_size;
  options.precision = made.precision;
  options.views = made.views;
  options.views_average = made.views_average;
  options.preprocess = made.preprocess;
  options.image = made.image;
  return options;
}

}  // namespace pomona
