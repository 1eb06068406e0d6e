#include "pomona/model/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <numeric>
#include <openvino/core/graph_util.hpp>

#include "pomona/error_kind.h"
#include "pomona/model/model_files.h"
#include "pomona/model/test_network.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::FloatEq;
using ::testing::HasSubstr;
using ::testing::Pointwise;
using Net = TestNetwork;
using Features = std::vector<float>;

/// Pixels that look like noise, the same every time.
std::vector<uint8_t> Pixels(const Engine& engine, uint32_t seed) {
  std::vector<uint8_t> pixels(static_cast<size_t>(engine.height() * engine.width() * 3));
  for (auto& pixel : pixels) {
    seed = seed * 1'664'525U + 1'013'904'223U;
    pixel = static_cast<uint8_t>(seed >> 24);
  }
  return pixels;
}

Features FeaturesOf(Engine* engine, const std::vector<uint8_t>& pixels, int slot = 0) {
  auto& request = engine->request(slot);
  std::copy(pixels.begin(), pixels.end(), request.pixels());
  std::promise<arrow::Status> done;
  request.Start([&](arrow::Status status) { done.set_value(std::move(status)); });
  const arrow::Status status = done.get_future().get();
  EXPECT_TRUE(status.ok()) << status;
  return {request.features(), request.features() + engine->feature_dim()};
}

double Cosine(const Features& a, const Features& b) {
  auto dot = [](const Features& x, const Features& y) {
    return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
  };
  return dot(a, b) / std::sqrt(dot(a, a) * dot(b, b));
}

std::unique_ptr<Engine> LoadDefault(const EngineOptions& options = {}) {
  return Engine::Load(FindModel("efficientnet-lite0").ValueOrDie(), options).ValueOrDie();
}

TEST(Engine, says_what_it_runs) {
  EngineOptions options;
  options.threads = 2;
  const auto engine = LoadDefault(options);
  EXPECT_EQ(engine->width(), 224);
  EXPECT_EQ(engine->height(), 224);
  EXPECT_EQ(engine->feature_dim(), 1280);
  EXPECT_EQ(engine->feature_tensor(), "features");
  EXPECT_EQ(engine->precision(), Precision::kF32);
  EXPECT_EQ(engine->request_count(), 4);
}

TEST(Engine, gives_the_same_bits_for_any_thread_count_request_and_run) {
  EngineOptions options;
  options.threads = 1;
  const auto one = LoadDefault(options);
  options.threads = 2;
  options.pin_threads = false;
  const auto two = LoadDefault(options);
  for (uint32_t seed = 0; seed < 4; ++seed) {
    const auto pixels = Pixels(*one, seed);
    const Features features = FeaturesOf(one.get(), pixels);
    EXPECT_EQ(features, FeaturesOf(one.get(), pixels, 1));
    for (int slot = 0; slot < two->request_count(); ++slot) {
      EXPECT_EQ(features, FeaturesOf(two.get(), pixels, slot));
    }
    EXPECT_NE(features, FeaturesOf(one.get(), Pixels(*one, seed + 100)));
  }
}

TEST(Engine, keeps_rows_apart_when_all_requests_run_at_once) {
  const auto engine = LoadDefault();
  std::vector<Features> expected;
  for (int slot = 0; slot < engine->request_count(); ++slot) {
    expected.push_back(
        FeaturesOf(engine.get(), Pixels(*engine, static_cast<uint32_t>(slot)), slot));
  }
  std::vector<std::promise<arrow::Status>> done(expected.size());
  for (size_t slot = 0; slot < expected.size(); ++slot) {
    engine->request(static_cast<int>(slot)).Start([&done, slot](arrow::Status status) {
      done[slot].set_value(std::move(status));
    });
  }
  for (size_t slot = 0; slot < expected.size(); ++slot) {
    ASSERT_TRUE(done[slot].get_future().get().ok());
    const float* features = engine->request(static_cast<int>(slot)).features();
    EXPECT_EQ(expected[slot], Features(features, features + engine->feature_dim()));
  }
}

TEST(Engine, can_be_started_again_from_done) {
  const auto engine = LoadDefault();
  std::promise<void> finished;
  int runs = 0;
  std::function<void(arrow::Status)> again = [&](const arrow::Status& status) {
    EXPECT_TRUE(status.ok()) << status;
    if (++runs == 5) return finished.set_value();
    engine->request(0).Start(again);
  };
  engine->request(0).Start(again);
  finished.get_future().wait();
  EXPECT_EQ(runs, 5);
}

TEST(Engine, waits_for_running_requests_at_its_end) {
  bool done = false;
  auto engine = LoadDefault();
  engine->request(0).Start([&](const arrow::Status&) { done = true; });
  engine.reset();
  EXPECT_TRUE(done);
}

TEST(Engine, is_close_to_f32_in_bf16) {
  EngineOptions options;
  options.precision = Precision::kAuto;
  const auto fast = LoadDefault(options);
  if (fast->precision() == Precision::kF32) {
    options.precision = Precision::kBf16;
    const auto refused = Engine::Load(*FindModel("efficientnet-lite0"), options);
    EXPECT_THAT(refused.status().message(), HasSubstr("no bf16"));
    return;
  }
  const auto exact = LoadDefault();
  for (uint32_t seed = 0; seed < 4; ++seed) {
    const auto pixels = Pixels(*exact, seed);
    const Features features = FeaturesOf(fast.get(), pixels);
    EXPECT_GE(Cosine(features, FeaturesOf(exact.get(), pixels)), 0.99);
    EXPECT_EQ(features, FeaturesOf(fast.get(), pixels, 1));
  }
}

TEST(Engine, reads_another_tensor_by_name) {
  EngineOptions options;
  options.features = "logits";
  EXPECT_EQ(LoadDefault(options)->feature_dim(), 1000);
  options.features = "conv_head.relu6";
  const auto pooled = LoadDefault(options);
  EXPECT_EQ(pooled->feature_dim(), 1280);
  const auto features = LoadDefault();
  const auto pixels = Pixels(*features, 1);
  EXPECT_THAT(FeaturesOf(pooled.get(), pixels),
              Pointwise(FloatEq(), FeaturesOf(features.get(), pixels)));
}

// ---- the cache -------------------------------------------------------------------------

TEST(Engine, gives_the_same_bits_from_the_cache) {
  const TempFolder cache;
  EngineOptions options;
  options.cache_dir = cache.string();
  const auto compiled = LoadDefault(options);
  const auto read = LoadDefault(options);
  const auto pixels = Pixels(*read, 7);
  EXPECT_EQ(FeaturesOf(compiled.get(), pixels), FeaturesOf(read.get(), pixels));
  EXPECT_EQ(read->feature_tensor(), "features");
  EXPECT_EQ(read->request_count(), compiled->request_count());
}

TEST(Engine, loads_with_a_damaged_cache) {
  const TempFolder cache;
  EngineOptions options;
  options.cache_dir = cache.string();
  const auto compiled = LoadDefault(options);
  const auto pixels = Pixels(*compiled, 7);
  const Features expected = FeaturesOf(compiled.get(), pixels);
  const auto file = std::filesystem::directory_iterator(cache.path())->path();
  const auto size = std::filesystem::file_size(file);
  std::filesystem::resize_file(file, size / 2);
  EXPECT_EQ(FeaturesOf(LoadDefault(options).get(), pixels), expected);
  EXPECT_GT(std::filesystem::file_size(file), size / 2) << "the file was not replaced";
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(1'000) << "garbage";
  EXPECT_EQ(FeaturesOf(LoadDefault(options).get(), pixels), expected);
}

// ---- other networks --------------------------------------------------------------------

class SmallNetworkTest : public ::testing::Test {
 protected:
  /// A model from a graph, with normalisation.
  Model Write(const std::shared_ptr<ov::Model>& graph, const Normalisation& normalisation = {}) {
    Model model;
    model.path = folder_.string() + "/net.xml";
    model.card.name = "net";
    model.card.normalisation = normalisation;
    ov::serialize(graph, model.path);
    EXPECT_TRUE(DigestModel(model.path, &model).ok());
    return model;
  }

  TempFolder folder_;
};

TEST_F(SmallNetworkTest, normalises_after_the_swap_of_colours) {
  // The network's features are the mean of each channel that it is given.
  const Net first({1, 3, 4, 6});
  const Net last({1, 4, 6, 3});
  for (const bool bgr : {false, true}) {
    const Normalisation normalisation = {{10, 20, 30}, {2, 4, 8}, bgr};
    for (const auto& graph :
         {first.Build({Net::Pool(first.image())}), last.Build({Net::Pool(last.image(), {1, 2})})}) {
      const auto engine = Engine::Load(Write(graph, normalisation), {});
      ASSERT_TRUE(engine.ok()) << engine.status();
      EXPECT_EQ((*engine)->height(), 4);
      EXPECT_EQ((*engine)->width(), 6);
      std::vector<uint8_t> pixels;
      for (int i = 0; i < 24; ++i) pixels.insert(pixels.end(), {100, 150, 200});
      const Features expected = bgr ? Features{95, 32.5, 8.75} : Features{45, 32.5, 21.25};
      EXPECT_THAT(FeaturesOf(engine->get(), pixels), Pointwise(FloatEq(), expected));
    }
  }
}

TEST_F(SmallNetworkTest, gives_bytes_to_a_network_of_bytes) {
  const Net net({1, 2, 2, 3}, ov::element::u8);
  const auto floats = std::make_shared<ov::opset13::Convert>(net.image(), ov::element::f32);
  const auto engine = Engine::Load(Write(net.Build({Net::Pool(floats, {1, 2})})), {});
  ASSERT_TRUE(engine.ok()) << engine.status();
  EXPECT_EQ(FeaturesOf(engine->get(), {0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14}),
            (Features{6, 7, 8}));
}

TEST_F(SmallNetworkTest, averages_an_inner_map_over_its_own_pixels) {
  // The input is [1,H,W,3]; the map inside, [1,8,15,11], is not.
  const Net net({1, 15, 11, 3});
  const auto order = ov::opset13::Constant::create(ov::element::i64, {4}, {0, 3, 1, 2});
  const auto first = std::make_shared<ov::opset13::Transpose>(net.image(), order);
  const auto map = Net::Named(Net::Convolution(first, 3, 8), "map");
  const Model model = Write(net.Build({Net::Dense(Net::Pool(Net::Relu(map)), 8, 4)}));
  const TempFolder cache;
  EngineOptions options;
  options.features = "map";
  options.cache_dir = cache.string();
  for (const char* from : {"compiled", "from the cache"}) {
    const auto engine = Engine::Load(model, options);
    ASSERT_TRUE(engine.ok()) << engine.status();
    EXPECT_EQ((*engine)->feature_dim(), 8) << from;
    EXPECT_EQ((*engine)->feature_layout(), "NCHW") << from;
    EXPECT_EQ((*engine)->feature_origin(),
              "as option `features` says; [1,8,15,11] averaged over height and width (NCHW)");
    const auto features =
        FeaturesOf(engine->get(), std::vector<uint8_t>(size_t{15} * 11 * 3, uint8_t{6}));
    // Weights are 1, 1/2, 1/3 for the first channel, 1/4, 1/5, 1/6 for the second.
    EXPECT_NEAR(features[0], 6 + 3 + 2, 1e-4);
    EXPECT_NEAR(features[1], 1.5 + 1.2 + 1, 1e-4);
  }
  // Whoever says otherwise gets what was said, and not what was cached.
  options.features_layout = "NHWC";
  const auto engine = Engine::Load(model, options);
  ASSERT_TRUE(engine.ok()) << engine.status();
  EXPECT_EQ((*engine)->feature_dim(), 11);
  EXPECT_THAT((*engine)->feature_origin(), HasSubstr("(NHWC, as option `features_layout` says)"));
}

TEST_F(SmallNetworkTest, asks_for_the_layout_of_a_map_that_the_graph_does_not_tell) {
  const Net net({1, 3, 4, 6});
  const auto shape = ov::opset13::Constant::create(ov::element::i64, {4}, {1, 6, 3, 4});
  const auto map =
      Net::Named(std::make_shared<ov::opset13::Reshape>(net.image(), shape, false), "map");
  Model model = Write(net.Build({map}));
  const auto status = Engine::Load(model, {}).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_EQ(status.message(),
            "the graph does not tell which axis of tensor `map` of shape [1,6,3,4] holds its "
            "channels\nhint: option `features_layout` says it, or \"features_layout\" in the "
            "model's card");
  EngineOptions options;
  options.features_layout = "NHWC";
  EXPECT_EQ((*Engine::Load(model, options))->feature_dim(), 4);
  model.card.features_layout = "NCHW";
  EXPECT_EQ((*Engine::Load(model, {}))->feature_dim(), 6);
  EXPECT_EQ((*Engine::Load(model, options))->feature_dim(), 4);
  // A card speaks of the tensor that it means, not of any other.
  options = {};
  options.features = "map";
  EXPECT_TRUE(Engine::Load(model, options).status().IsInvalid());
}

TEST_F(SmallNetworkTest, refuses_an_input_without_pixels) {
  const Net net({1, 3, 0, 0});
  EXPECT_THAT(Engine::Load(Write(net.Build({Net::Pool(net.image())})), {}).status().message(),
              HasSubstr("the height 0;"));
}

TEST_F(SmallNetworkTest, refuses_a_network_that_does_not_say_how_it_wants_pixels) {
  const Net net;
  Model model = Write(net.Build({Net::Pool(net.image())}));
  model.card.normalisation.reset();
  const auto status = Engine::Load(model, {}).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), HasSubstr("\nhint: choose option `preprocess`"));
}

TEST_F(SmallNetworkTest, says_that_a_tensor_is_missing) {
  const Net net;
  EngineOptions options;
  options.features = "gap";
  EXPECT_TRUE(
      Engine::Load(Write(net.Build({Net::Pool(net.image())})), options).status().IsKeyError());
}

TEST_F(SmallNetworkTest, says_that_a_file_is_missing_or_no_network) {
  Model model;
  model.card.normalisation = Normalisation();
  model.path = folder_.string() + "/missing.onnx";
  EXPECT_TRUE(Engine::Load(model, {}).status().IsIOError());
  for (const char* name : {"a.onnx", "a.tflite", "a.xml", "a.txt"}) {
    model.path = folder_.Write(name, "garbage \x01\x02\x03");
    const auto status = Engine::Load(model, {}).status();
    const bool is_of_no_format = model.path.ends_with(".txt");
    EXPECT_EQ(KindOf(status), is_of_no_format ? ErrorKind::kRequest : ErrorKind::kData) << status;
    EXPECT_THAT(status.message(), HasSubstr("cannot read model `" + model.path + "`: "));
    EXPECT_THAT(status.message(), ::testing::Not(HasSubstr("src/")));
  }
}

TEST_F(SmallNetworkTest, refuses_absurd_thread_counts) {
  EngineOptions options;
  for (const int threads : {-1, 1'000'000}) {
    options.threads = threads;
    EXPECT_THAT(Engine::Load(Model(), options).status().message(), HasSubstr("threads must be "));
  }
}

}  // namespace
}  // namespace pomona
