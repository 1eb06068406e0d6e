#include "pomona/model/engine.h"

#include <algorithm>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/infer_request.hpp>
#include <optional>
#include <span>
#include <sstream>
#include <utility>
#include <vector>

#include "pomona/base/available_cores.h"
#include "pomona/base/sha256.h"
#include "pomona/model/compiled_cache.h"
#include "pomona/model/depthwise_kernels.h"
#include "pomona/model/int8_file.h"
#include "pomona/model/model_files.h"
#include "pomona/model/network.h"
#include "pomona/model/openvino_core.h"

namespace pomona {
namespace {

constexpr char kDevice[] = "CPU";
constexpr int kRequestsPerThread = 2;

class OpenVinoRequest : public Engine::Request {
 public:
  explicit OpenVinoRequest(ov::InferRequest request) : request_(std::move(request)) {
    pixels_ = request_.get_input_tensor().data<uint8_t>();
    features_ = request_.get_output_tensor().data<float>();
    request_.set_callback([this](std::exception_ptr error) { Finish(error); });
  }

  // The callback holds `this`; a moved request would leave it dangling.
  OpenVinoRequest(const OpenVinoRequest&) = delete;
  OpenVinoRequest& operator=(const OpenVinoRequest&) = delete;

  ~OpenVinoRequest() override {
    try {
      request_.wait();
    } catch (const std::exception&) {
      // Already given to `done`.
    }
    request_.set_callback([](std::exception_ptr) {});
  }

  uint8_t* pixels() const override { return pixels_; }
  const float* features() const override { return features_; }

  void Start(std::function<void(arrow::Status)> done) override {
    done_ = std::move(done);
    try {
      request_.start_async();
    } catch (const std::exception&) {
      Finish(std::current_exception());
    }
  }

 private:
  void Finish(const std::exception_ptr& error) {
    arrow::Status status;
    if (error) {
      try {
        std::rethrow_exception(error);
      } catch (const std::exception& exception) {
        status = OpenVinoError(arrow::StatusCode::UnknownError, "inference failed", exception);
      }
    }
    // `done` may start this request again, which sets done_.
    std::exchange(done_, nullptr)(std::move(status));
  }

  ov::InferRequest request_;
  uint8_t* pixels_;
  const float* features_;
  std::function<void(arrow::Status)> done_;
};

class OpenVinoEngine : public Engine {
 public:
  OpenVinoEngine(ov::CompiledModel compiled, Precision precision,
                 std::optional<CompiledCache::Entry> source)
      : source_(std::move(source)), compiled_(std::move(compiled)), precision_(precision) {
    const ov::Shape image = compiled_.input().get_shape();
    height_ = static_cast<int>(image[1]);
    width_ = static_cast<int>(image[2]);
    feature_dim_ = static_cast<int>(compiled_.output().get_shape()[1]);
    features_ = FeatureFacts::FromText(compiled_.get_property(ov::model_name));
    // What the engine makes of the wish for the layers that are not of 8 bits.
    if (precision_ != Precision::kInt8) {
      precision_ = compiled_.get_property(ov::hint::inference_precision) == ov::element::bf16
                       ? Precision::kBf16
                       : Precision::kF32;
    }
    const int streams = compiled_.get_property(ov::num_streams).num;
    for (int i = 0; i < streams * kRequestsPerThread; ++i) {
      requests_.push_back(std::make_unique<OpenVinoRequest>(compiled_.create_infer_request()));
    }
  }

  int width() const override { return width_; }
  int height() const override { return height_; }
  int feature_dim() const override { return feature_dim_; }
  const std::string& feature_tensor() const override { return features_.tensor; }
  const std::string& feature_origin() const override { return features_.origin; }
  const std::string& feature_layout() const override { return features_.layout; }
  const std::vector<FeatureSlice>& feature_slices() const override { return features_.slices; }
  const std::string& input_layout() const override { return features_.input_layout; }
  Precision precision() const override { return precision_; }
  int request_count() const override { return static_cast<int>(requests_.size()); }
  Request& request(int index) override { return *requests_[static_cast<size_t>(index)]; }

 private:
  // The network may read its weights from the mapped cache file: it outlives the network.
  std::optional<CompiledCache::Entry> source_;
  ov::CompiledModel compiled_;
  int width_ = 0;
  int height_ = 0;
  int feature_dim_ = 0;
  FeatureFacts features_;
  Precision precision_;
  std::vector<std::unique_ptr<OpenVinoRequest>> requests_;
};

arrow::Result<Precision> ChoosePrecision(Precision wanted) {
  if (wanted == Precision::kF32 || wanted == Precision::kInt8) return wanted;
  const auto has = OpenVino().get_property(kDevice, ov::device::capabilities);
  const bool bf16 = std::find(has.begin(), has.end(), ov::device::capability::BF16) != has.end();
  if (bf16) return Precision::kBf16;
  if (wanted == Precision::kAuto) return Precision::kF32;
  return arrow::Status::Invalid(
      "this CPU has no bf16 arithmetic\nhint: option `precision=auto` takes f32 here");
}

/// One stream a core and one thread a stream: each image stays in one core's cache, and
/// its numbers do not depend on how many cores there are.
ov::AnyMap Settings(Precision precision, int threads, bool pin_threads) {
  return {ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT),
          ov::num_streams(ov::streams::Num(threads)), ov::inference_num_threads(threads),
          ov::hint::enable_cpu_pinning(pin_threads),
          ov::hint::inference_precision(precision == Precision::kBf16 ? ov::element::bf16
                                                                      : ov::element::f32)};
}

arrow::Result<FeatureNetwork> BuildNetwork(const Model& model, const EngineOptions& options) {
  const FeatureWish wish{options.features, options.features_layout, options.pooling};
  if (options.ranges) return BuildRangeNetwork(model, wish, options.input_size);
  if (options.precision != Precision::kInt8) {
    return BuildFeatureNetwork(model, wish, options.input_size);
  }
  ARROW_ASSIGN_OR_RAISE(const Int8File int8,
                        ReadInt8File(model.int8_path, model.int8_digest, model.digest));
  return BuildFeatureNetwork(model, wish, options.input_size, &int8);
}

std::string CacheKey(const Model& model, const EngineOptions& options, Precision precision,
                     int threads) {
  const ModelCard& card = model.card;
  std::ostringstream text;
  text.precision(9);
  text << "pomona compiled network 6\n" << model.digest << '\n';
  // With their lengths: the end of a name that may hold anything is not the beginning of the next.
  std::vector<std::string> names = {options.features, options.features_layout, card.features,
                                    card.features_layout.value_or("")};
  names.insert(names.end(), card.levels.begin(), card.levels.end());
  for (const auto& name : names) text << name.size() << ' ' << name << '\n';
  text << '\n'
       << (options.pooling ? PoolingName(*options.pooling) : "") << ' ' << options.input_size << ' '
       << card.layout.value_or("") << ' ' << card.height.value_or(0) << ' '
       << card.width.value_or(0);
  if (card.normalisation) {
    for (const float value : card.normalisation->mean) text << ' ' << value;
    for (const float value : card.normalisation->scale) text << ' ' << value;
    text << ' ' << card.normalisation->bgr;
  }
  // A compiled network fits one engine version, on one kind of CPU.
  text << '\n'
       << PrecisionName(precision) << ' '
       << (precision == Precision::kInt8 ? model.int8_digest : "") << ' ' << threads << '\n'
       << ov::get_openvino_version().buildNumber << '\n'
       << OpenVino().get_property(kDevice, ov::device::full_name);
  for (const auto& capability : OpenVino().get_property(kDevice, ov::device::capabilities)) {
    text << ' ' << capability;
  }
  return ToHex(Sha256Of(text.str()));
}

std::unique_ptr<Engine> FromCache(const CompiledCache& cache, const std::string& key,
                                  Precision precision, const ov::AnyMap& settings) {
  auto entry = cache.Find(key);
  if (!entry) return nullptr;
  try {
    const ov::Tensor blob(ov::element::u8, {entry->content.size()},
                          const_cast<uint8_t*>(entry->content.data()));
    auto compiled = OpenVino().import_model(blob, kDevice, settings);
    return std::make_unique<OpenVinoEngine>(std::move(compiled), precision, std::move(entry));
  } catch (const std::exception&) {
    // Whole, but not for this engine after all: compile again.
    cache.Remove(key);
    return nullptr;
  }
}

}  // namespace

arrow::Result<std::unique_ptr<Engine>> Engine::Load(const Model& model,
                                                    const EngineOptions& options) {
  ARROW_RETURN_NOT_OK(CheckThreads(options.threads));
  if (options.precision == Precision::kInt8) ARROW_RETURN_NOT_OK(RefuseWithoutInt8(model));
  ARROW_RETURN_NOT_OK(CheckOpenVinoProcess());
  try {
    ARROW_ASSIGN_OR_RAISE(const Precision precision, ChoosePrecision(options.precision));
    const int threads = options.threads > 0 ? options.threads : AvailableCores();
    const ov::AnyMap settings = Settings(precision, threads, options.pin_threads);
    const CompiledCache cache(options.ranges ? "" : options.cache_dir);
    const std::string key = cache.is_off() ? "" : CacheKey(model, options, precision, threads);
    if (auto engine = FromCache(cache, key, precision, settings)) return engine;

    ARROW_ASSIGN_OR_RAISE(const FeatureNetwork network, BuildNetwork(model, options));
    network.graph->set_friendly_name(network.features.ToText());
    if (precision == Precision::kF32) PreferDirectDepthwise(network.graph.get());
    auto compiled = OpenVino().compile_model(network.graph, kDevice, settings);
    // Between the digest and here a file may have been replaced, or half of it.
    ARROW_RETURN_NOT_OK(RefuseChangedModel(model));
    if (!cache.is_off()) {
      std::ostringstream blob;
      compiled.export_model(blob);
      cache.Store(key, blob.view());
    }
    return std::make_unique<OpenVinoEngine>(std::move(compiled), precision, std::nullopt);
  } catch (const std::exception& exception) {
    return OpenVinoError(arrow::StatusCode::Invalid,
                         "cannot compile model `" + model.card.name + "`", exception);
  }
}

}  // namespace pomona
