#include "pomona/extract.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/kept_threads.h"
#include "pomona/extract/cache_folder.h"
#include "pomona/extract/decode_workers.h"
#include "pomona/extract/load_extractor.h"
#include "pomona/extract/memory_feed.h"
#include "pomona/extract/pipeline.h"
#include "pomona/extract/preset.h"
#include "pomona/extract/reference_feed.h"
#include "pomona/model/engine.h"
#include "pomona/model/int8_file.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

constexpr int kMaxFetches = 4096;
constexpr int kDefaultFetches = 64;
constexpr int kMinInputSize = 32;
constexpr int kMaxInputSize = 2048;

class LoadedExtractor : public Extractor, public std::enable_shared_from_this<LoadedExtractor> {
 public:
  LoadedExtractor(Model model, std::unique_ptr<Engine> engine, ExtractOptions options,
                  std::unique_ptr<DecodeWorkers> workers)
      : model_(std::move(model)),
        engine_(std::move(engine)),
        options_(std::move(options)),
        shape_{engine_->feature_dim(), *options_.views, options_.views_average},
        requests_(*engine_, options_.threads),
        workers_(std::move(workers)) {}

  arrow::Result<std::shared_ptr<FeatureReader>> Extract(
      std::shared_ptr<arrow::RecordBatchReader> references, int64_t apart) override {
    ARROW_ASSIGN_OR_RAISE(
        auto feed, ReferenceFeed::Make(std::move(references), options_.storage, options_.fetches,
                                       options_.image.max_bytes));
    return Start(std::move(feed), apart);
  }
  arrow::Result<std::shared_ptr<FeatureReader>> ExtractImages(
      std::shared_ptr<arrow::RecordBatchReader> images, int64_t apart) override {
    ARROW_ASSIGN_OR_RAISE(auto feed, MemoryFeed::Make(std::move(images)));
    return Start(std::move(feed), apart);
  }
  int feature_dim() const override { return engine_->feature_dim(); }
  const Model& model() const override { return model_; }
  const std::string& feature_tensor() const override { return engine_->feature_tensor(); }
  const std::string& feature_origin() const override { return engine_->feature_origin(); }
  const std::string& feature_layout() const override { return engine_->feature_layout(); }
  const std::vector<FeatureSlice>& feature_slices() const override {
    return engine_->feature_slices();
  }
  Precision precision() const override { return engine_->precision(); }
  const ExtractOptions& options() const override { return options_; }
  int64_t infer_ns() { return requests_.busy_ns(); }

 private:
  arrow::Result<std::shared_ptr<FeatureReader>> Start(std::unique_ptr<ImageFeed> feed,
                                                      int64_t apart) {
    const Pipeline::Shared shared{.options = options_,
                                  .shape = shape_,
                                  .requests = requests_,
                                  .workers = *workers_,
                                  .feeders = feeders_};
    auto pipeline = std::make_shared<Pipeline>(std::move(feed), shared, apart, shared_from_this());
    ARROW_RETURN_NOT_OK(pipeline->Start());
    return pipeline;
  }

  const Model model_;
  const std::unique_ptr<Engine> engine_;
  const ExtractOptions options_;
  const RowShape shape_;
  RequestPool requests_;
  const std::unique_ptr<DecodeWorkers> workers_;
  KeptThreads feeders_;
};

}  // namespace

arrow::Status ExtractOptions::Validate() const {
  if (model.empty()) return arrow::Status::Invalid("model is empty");
  if (!features_layout.empty() && features_layout != "NCHW" && features_layout != "NHWC") {
    return arrow::Status::Invalid("option `features_layout` must be NCHW or NHWC, got `",
                                  ShownText(features_layout), "`");
  }
  if (input_size != 0 && (input_size < kMinInputSize || input_size > kMaxInputSize)) {
    return arrow::Status::Invalid("option `input_size` must be ", kMinInputSize, " to ",
                                  kMaxInputSize, " pixels, got ", input_size);
  }
  for (const View view : views.value_or(std::vector<View>())) {
    if (std::count(views->begin(), views->end(), view) > 1) {
      return arrow::Status::Invalid("option `views` names ", ViewName(view), " twice");
    }
  }
  const bool any_views = views ? !views->empty() : preset == Preset::kRich;
  if (views_average && !any_views) {
    return arrow::Status::Invalid(
        "option `views_average` has nothing to average\nhint: option `views` names views");
  }
  ARROW_RETURN_NOT_OK(CheckThreads(threads));
  if (fetches < 0 || fetches > kMaxFetches) {
    return arrow::Status::Invalid("option `fetches` must be 0 (chosen by the store) to ",
                                  kMaxFetches, ", got ", fetches);
  }
  if (memory_bytes < 1) {
    return arrow::Status::Invalid("option `memory` must be at least 1 byte, got ", memory_bytes);
  }
  if (!preprocess.empty()) ARROW_RETURN_NOT_OK(PreprocessPreset(preprocess).status());
  ARROW_RETURN_NOT_OK(image.Validate());
  return storage.Validate();
}

arrow::Status CheckPrecision(const ExtractOptions& options) {
  if (options.precision != Precision::kInt8) return arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(const Model model, FindModel(options.model));
  return RefuseWithoutInt8(model);
}

arrow::Result<std::shared_ptr<Extractor>> Extractor::Load(const ExtractOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_ASSIGN_OR_RAISE(Model model, FindModel(options.model));
  return LoadExtractor(std::move(model), options);
}

int64_t InferNs(Extractor& extractor) {
  return static_cast<LoadedExtractor&>(extractor).infer_ns();
}

arrow::Result<std::shared_ptr<Extractor>> LoadExtractor(Model model, const ExtractOptions& options,
                                                        ExtractorGives gives) {
  ARROW_RETURN_NOT_OK(options.Validate());
  if (!options.preprocess.empty()) {
    ARROW_ASSIGN_OR_RAISE(model.card.normalisation, PreprocessPreset(options.preprocess));
  }
  ARROW_ASSIGN_OR_RAISE(ExtractOptions complete, WithPreset(options, std::nullopt));
  if (complete.threads == 0) complete.threads = AvailableCores();
  if (complete.fetches == 0) complete.fetches = kDefaultFetches;
  if (complete.cache_dir.empty()) complete.cache_dir = DefaultCacheFolder();
  ARROW_ASSIGN_OR_RAISE(auto engine,
                        Engine::Load(model, EngineOptions{
                                                .features = complete.features,
                                                .features_layout = complete.features_layout,
                                                .pooling = complete.pool,
                                                .input_size = complete.input_size,
                                                .precision = *complete.precision,
                                                .threads = complete.threads,
                                                .pin_threads = !complete.share_cores,
                                                .cache_dir = complete.cache_dir,
                                                .ranges = gives == ExtractorGives::kRanges,
                                            }));
  model.card.layout = engine->input_layout();
  if (complete.image.width == 0) complete.image.width = engine->width();
  if (complete.image.height == 0) complete.image.height = engine->height();
  if (complete.image.width != engine->width() || complete.image.height != engine->height()) {
    return arrow::Status::Invalid("image size ", complete.image.width, "x", complete.image.height,
                                  " is not the model's ", engine->width(), "x", engine->height());
  }
  if (!complete.views->empty() && engine->width() != engine->height()) {
    return arrow::Status::Invalid("option `views` turns square images, and this model takes ",
                                  engine->width(), "x", engine->height());
  }
  ARROW_ASSIGN_OR_RAISE(auto workers, DecodeWorkers::Start(complete.threads, complete.image));
  return std::make_shared<LoadedExtractor>(std::move(model), std::move(engine), std::move(complete),
                                           std::move(workers));
}

}  // namespace pomona
