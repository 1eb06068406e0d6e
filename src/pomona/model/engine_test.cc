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
#include "pomona/model/int8_file.h"
#include "pomona/model/int8_parts.h"
#include "pomona/model/model_files.h"
#include "temp_folder.h"
#include "test_network.h"

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

TEST(Engine, reads_levels_and_the_last_layer_behind_them) {
  EngineOptions options;
  options.features = "levels";
  const auto levels = LoadDefault(options);
  EXPECT_EQ(levels->feature_dim(), 2848);
  EXPECT_EQ(levels->feature_layout(), "NCHW");
  const auto& slices = levels->feature_slices();
  ASSERT_EQ(slices.size(), 15U);
  EXPECT_EQ(slices.front(), (FeatureSlice{"blocks.0.project_conv.add", "mean", 16}));
  EXPECT_EQ(slices[13], (FeatureSlice{"blocks.15.project_conv.add", "std", 320}));
  EXPECT_EQ(slices.back(), (FeatureSlice{"features", "", 1280}));

  const auto last = LoadDefault();
  EXPECT_EQ(last->feature_slices(), (std::vector<FeatureSlice>{{"features", "", 1280}}));
  const auto pixels = Pixels(*last, 1);
  const Features all = FeaturesOf(levels.get(), pixels);
  EXPECT_THAT(Features(all.end() - 1280, all.end()),
              Pointwise(FloatEq(), FeaturesOf(last.get(), pixels)));
  options.pooling = Pooling::kMean;
  EXPECT_EQ(LoadDefault(options)->feature_dim(), 784 + 1280);
}

TEST(Engine, reads_several_tensors_in_the_order_of_their_names) {
  EngineOptions options;
  options.features = "logits,last";
  const auto both = LoadDefault(options);
  EXPECT_EQ(both->feature_tensor(), "logits,features");
  EXPECT_EQ(both->feature_slices(),
            (std::vector<FeatureSlice>{{"logits", "", 1000}, {"features", "", 1280}}));
  options.features = "logits,last,features";
  const Model model = *FindModel("efficientnet-lite0");
  EXPECT_THAT(Engine::Load(model, options).status().message(),
              HasSubstr("option `features` names tensor `features` twice"));
  options.features = "logits,nothing";
  EXPECT_TRUE(Engine::Load(model, options).status().IsKeyError());
}

TEST(Engine, takes_smaller_and_larger_images_where_the_network_may) {
  for (const int size : {32, 112, 160, 256}) {
    EngineOptions options;
    options.input_size = size;
    const auto engine = LoadDefault(options);
    EXPECT_EQ(engine->width(), size);
    EXPECT_EQ(engine->height(), size);
    EXPECT_EQ(engine->feature_dim(), 1280);
    options.features = "levels";
    EXPECT_EQ(LoadDefault(options)->feature_dim(), 2848);
  }
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

TEST_F(SmallNetworkTest, refuses_another_size_where_layers_are_made_for_one) {
  const Net net({1, 3, 8, 8});
  const auto map = Net::Named(Net::Convolution(net.image(), 3, 4), "map");
  const auto flat = std::make_shared<ov::opset13::Reshape>(
      map, ov::opset13::Constant::create(ov::element::i64, {2}, {1, 256}), false);
  const Model model = Write(net.Build({Net::Dense(Net::Named(Net::Relu(flat), "flat"), 256, 4)}));
  EngineOptions options;
  options.input_size = 16;
  const auto status = Engine::Load(model, options).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(),
              HasSubstr("option `input_size` is 16, but layers of this model are made for 8x8"));
  // What comes after the features does not matter.
  options.features = "map";
  EXPECT_EQ((*Engine::Load(model, options))->width(), 16);
}

TEST_F(SmallNetworkTest, refuses_levels_where_there_are_no_maps) {
  const Net net;
  EngineOptions options;
  options.features = "levels";
  EXPECT_THAT(Engine::Load(Write(net.Build({Net::Pool(net.image())})), options).status().message(),
              HasSubstr("model has no levels"));
}

TEST_F(SmallNetworkTest, takes_a_tensor_that_is_called_like_a_word) {
  const Net net;
  const auto map = Net::Named(Net::Convolution(net.image(), 3, 4), "levels");
  EngineOptions options;
  options.features = "levels";
  EXPECT_EQ((*Engine::Load(Write(net.Build({map})), options))->feature_dim(), 4);
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

TEST_F(SmallNetworkTest, computes_in_int8_what_its_file_has_ranges_of) {
  const Net net({1, 3, 8, 8});
  const auto convolution = Net::Convolution(net.image(), 3, 8);
  convolution.get_node()->set_friendly_name("convolution");
  Model model = Write(net.Build({Net::Dense(Net::Pool(Net::Relu(convolution)), 8, 4)}));
  EngineOptions options;
  options.precision = Precision::kInt8;
  const auto missing = Engine::Load(model, options).status();
  EXPECT_TRUE(missing.IsInvalid());
  EXPECT_THAT(missing.message(), HasSubstr("\nhint: pomona model quantize makes one"));

  const auto use = [&](double high) {
    const std::string text = Int8FileText(
        {.network = model.digest,
         .made_by = "a test",
         .calibration = {.name = "n", .digest = "d", .images = 1, .height = 8, .width = 8},
         .float_layers = {},
         .ranges = {{"image", {0, high}}}});
    model.int8_path = folder_.Write("int8.json", text);
    model.int8_digest = DigestOfInt8File(text);
  };
  use(255);
  const TempFolder cache;
  options.cache_dir = cache.string();
  const auto exact = Engine::Load(model, {}).ValueOrDie();
  const auto pixels = Pixels(*exact, 1);
  const Features wanted = FeaturesOf(exact.get(), pixels);
  Features first;
  for (const char* from : {"compiled", "from the cache"}) {
    const auto engine = Engine::Load(model, options);
    ASSERT_TRUE(engine.ok()) << engine.status();
    EXPECT_EQ((*engine)->precision(), Precision::kInt8) << from;
    const Features features = FeaturesOf(engine->get(), pixels);
    EXPECT_GT(Cosine(features, wanted), 0.999) << from;
    EXPECT_NE(features, wanted) << from;
    if (first.empty()) first = features;
    EXPECT_EQ(features, first) << "bit for bit, " << from;
  }
  // Other ranges are another network, also in the cache.
  use(64);
  EXPECT_NE(FeaturesOf(Engine::Load(model, options)->get(), pixels), first);
}

TEST_F(SmallNetworkTest, refuses_an_int8_file_of_another_network) {
  const Net net;
  Model model =
      Write(net.Build({Net::Dense(Net::Pool(Net::Convolution(net.image(), 3, 4)), 4, 2)}));
  EngineOptions options;
  options.precision = Precision::kInt8;
  const auto refused = [&](const Int8File& file) {
    const std::string text = Int8FileText(file);
    model.int8_path = folder_.Write("int8.json", text);
    model.int8_digest = DigestOfInt8File(text);
    return Engine::Load(model, options).status();
  };
  Int8File file = {
      .network = "sha256:other",
      .made_by = "a test",
      .calibration = {.name = "n", .digest = "d", .images = 1, .height = 8, .width = 8},
      .float_layers = {},
      .ranges = {{"image", {0, 255}}}};
  EXPECT_THAT(refused(file).message(), HasSubstr("is for the network sha256:other"));
  file.network = model.digest;
  file.ranges["elsewhere"] = {0, 1};
  EXPECT_EQ(KindOf(refused(file)), ErrorKind::kData);
  file.ranges.erase("elsewhere");
  EXPECT_TRUE(refused(file).ok());
  EXPECT_TRUE(Engine::Load(model, {}).ok());
}

TEST_F(SmallNetworkTest, gives_the_ranges_of_what_its_layers_read) {
  const Net net;
  const Model model =
      Write(net.Build({Net::Dense(Net::Pool(Net::Convolution(net.image(), 3, 4)), 4, 2)}));
  EngineOptions options;
  options.ranges = true;
  const auto engine = Engine::Load(model, options).ValueOrDie();
  std::vector<uint8_t> pixels(size_t{8} * 8 * 3, 7);
  pixels[5] = 250;
  pixels[6] = 3;
  EXPECT_EQ(FeaturesOf(engine.get(), pixels), (Features{3, 250}));
  const Int8Parts parts = FindInt8Parts(model, "", "").ValueOrDie();
  EXPECT_EQ(parts.tensors, std::vector<std::string>{"image"});
  EXPECT_EQ(parts.layers.size(), 1);
  EXPECT_EQ(parts.width, 8);
}

TEST(Engine, computes_the_default_model_in_int8) {
  const auto f32 = LoadDefault();
  EngineOptions options;
  options.precision = Precision::kInt8;
  const auto int8 = LoadDefault(options);
  EXPECT_EQ(int8->precision(), Precision::kInt8);
  EXPECT_EQ(int8->feature_tensor(), "features");
  for (uint32_t seed = 0; seed < 3; ++seed) {
    const auto pixels = Pixels(*f32, seed);
    const auto features = FeaturesOf(int8.get(), pixels);
    EXPECT_EQ(FeaturesOf(int8.get(), pixels, 1), features) << "bit for bit";
    EXPECT_GT(Cosine(features, FeaturesOf(f32.get(), pixels)), 0.95);
  }
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
