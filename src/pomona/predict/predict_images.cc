#include "pomona/predict/predict_images.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/base/sha256.h"
#include "pomona/classify/classifier_file.h"
#include "pomona/classify/extract_for_classifier.h"
#include "pomona/classify/target_names.h"
#include "pomona/features/made_of.h"
#include "pomona/model/engine_facts.h"
#include "pomona/predict/answered_images.h"
#include "pomona/run/options_record.h"
#include "pomona/run/run_product.h"
#include "pomona/shown_text.h"
#include "pomona/table/layout.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

/// The run whose features are those that `classifier` learned from.
Result<RunOptions> RunFor(const Classifier& classifier, const PredictOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const ExtractOptions made,
                        ExtractForClassifier(classifier, options.classifier, options.model));
  RunOptions run = options.run;
  if (options.rows_per_file) run.rows_per_file = *options.rows_per_file;
  if (made.precision == Precision::kBf16) {
    ARROW_ASSIGN_OR_RAISE(const auto engine, FindEngineFacts());
    if (engine.auto_precision != Precision::kBf16) {
      return Status::Invalid("the classifier ", ShownUri(options.classifier),
                             " learned from features in bf16, which this CPU cannot compute",
                             "\nhint: take a machine that can, or train on features in f32");
    }
  }
  // What makes features is the classifier's; how they are computed is this run's.
  ExtractOptions& extract = run.extract;
  const ImageOptions limits = extract.image;
  extract.model = made.model;
  extract.features = made.features;
  extract.features_layout = made.features_layout;
  extract.pool = made.pool;
  extract.input_size = made.input_size;
  extract.precision = made.precision;
  extract.views = made.views;
  extract.views_average = made.views_average;
  extract.preprocess = made.preprocess;
  extract.image = made.image;
  extract.image.max_pixels = limits.max_pixels;
  extract.image.max_bytes = limits.max_bytes;
  extract.image.max_image_seconds = limits.max_image_seconds;
  extract.image.max_image_memory = limits.max_image_memory;
  return run;
}

MakeProduct Answers(const ClassifierFile& file, const PredictOptions& options) {
  return [&](const Extractor&, const std::string& record) -> Result<RunProduct> {
    std::optional<FeatureFormat> kept;
    if (options.keep_features) kept = options.run.features_as;
    auto rows = std::make_shared<AnsweredImages>(file.classifiers, kept);
    const auto made_of = MadeOf(*FooterMetadata(record, *rows->schema()));
    const auto differing = DifferingFeatures(file.classifiers.front().features(), made_of);
    if (!differing.empty()) {
      return Status::Invalid("the classifier ", ShownUri(options.classifier),
                             " learned from features of another kind than can be made here: ",
                             differing, "\nhint: option `model` names the file of its network");
    }
    const std::string bytes = file.bytes->ToString();
    return RunProduct{
        .rows = std::move(rows),
        .record = CompactJson(
            {{"classifier", ToHex(Sha256Of(bytes))}, {"keep_features", options.keep_features}}),
        .files = {{.name = kClassifierFile, .bytes = bytes, .rows = file.rows()}}};
  };
}

}  // namespace

Result<PredictReport> PredictImages(const PredictOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const auto file,
                        ReadClassifierFile(options.classifier, options.run.extract.storage));
  ARROW_ASSIGN_OR_RAISE(const RunOptions run, RunFor(file.classifiers.front(), options));
  ARROW_ASSIGN_OR_RAISE(RunReport done, RunMaking(run, Answers(file, options)));
  PredictReport report;
  report.version = done.version;
  report.source = options.run.list.source;
  report.output = options.run.output;
  for (const Classifier& one : file.classifiers) {
    const std::string suffix = AnswerSuffix(one, file.classifiers.size());
    report.targets.push_back({.classifier = one,
                              .unknown = done.counts.at("unknown" + suffix),
                              .single = done.counts.at("single" + suffix)});
  }
  report.rows = done.rows;
  report.skipped = done.references - done.rows;
  report.parts = done.parts;
  report.finished_before = done.parts_written == 0;
  report.seconds = done.seconds;
  report.peak_memory_bytes = done.peak_memory_bytes;
  report.run = std::move(done);
  return report;
}

Result<Plan> PlanImages(const PredictOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const auto file,
                        ReadClassifierFile(options.classifier, options.run.extract.storage));
  ARROW_ASSIGN_OR_RAISE(const RunOptions run, RunFor(file.classifiers.front(), options));
  return PlanMaking(run, Answers(file, options));
}

}  // namespace pomona
