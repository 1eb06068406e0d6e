#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <openvino/core/graph_util.hpp>
#include <set>

#include "pomona/base/file_text.h"
#include "pomona/base/json.h"
#include "pomona/int8.h"
#include "pomona/model/int8_file.h"
#include "temp_folder.h"
#include "test_network.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Net = TestNetwork;

/// A network of two convolutions, photos of two labels, and where its int8 file goes.
class MakeInt8Test : public ::testing::Test {
 protected:
  void SetUp() override {
    const Net net({1, 3, 32, 32});
    const auto called = [](const Net::Value& value, const char* name) {
      value.get_node()->set_friendly_name(name);
      return value;
    };
    const auto first = called(Net::Relu(called(Net::Convolution(net.image(), 3, 8), "first")), "a");
    const auto second = called(Net::Relu(called(Net::Convolution(first, 8, 6), "second")), "b");
    const auto pooled = Net::Named(Net::Pool(second), "pooled");
    network_ = folder_.string() + "/net.xml";
    ov::serialize(net.Build({Net::Dense(pooled, 6, 4)}), network_);
    folder_.Write("net.xml.card.json",
                  R"({"normalisation": {"mean": [0, 0, 0], "scale": [255, 255, 255]}})");
    for (int i = 0; i < 24; ++i) {
      const std::string label = i % 2 == 0 ? "red" : "blue";
      std::filesystem::create_directories(photos_.string() + "/" + label);
      photos_.Write(label + "/" + std::to_string(i) + ".ppm", Photo(i));
    }
    options_.extract.model = network_;
    options_.extract.threads = 2;
    options_.extract.cache_dir = cache_.string();
    options_.images.source = photos_.string();
    options_.images.globs = {"*.ppm"};
    options_.calibrated = 10;
    options_.compared = 100;
    options_.output = network_ + ".int8.json";
  }

  static std::string Photo(int seed) {
    std::string ppm = "P6 32 32 255\n";
    for (int i = 0; i < 32 * 32; ++i) {
      const char strong = static_cast<char>(150 + (i * 7 + seed * 13) % 100);
      const char weak = static_cast<char>((i * 3 + seed * 5) % 60);
      ppm += seed % 2 == 0 ? strong : weak;
      ppm += weak;
      ppm += seed % 2 == 0 ? weak : strong;
    }
    return ppm;
  }

  TempFolder folder_, photos_, cache_;
  std::string network_;
  Int8Options options_;
};

TEST_F(MakeInt8Test, makes_a_file_that_the_model_then_computes_with) {
  const auto report = MakeInt8(options_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->model, "net");
  EXPECT_EQ(report->calibrated, 10);
  EXPECT_EQ(report->layers, 2);
  EXPECT_THAT(report->float_layers, ElementsAre());
  EXPECT_EQ(report->compared, 14);
  EXPECT_GT(report->mean_cosine, 0.999);
  EXPECT_LT(report->least_cosine, 1) << "it is not f32";
  EXPECT_EQ(report->labels, 2);
  EXPECT_EQ(report->neighbour.f32, 1);
  EXPECT_EQ(report->neighbour.same, 1);
  EXPECT_EQ(report->probe.same, 1);
  EXPECT_EQ(ParseJson(report->ToJson())->at("neighbour").at("int8"), 1);

  const Model model = FindModel(network_).ValueOrDie();
  EXPECT_EQ(model.int8_path, options_.output);
  const auto file = ReadInt8File(model.int8_path, model.int8_digest, model.digest);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->calibration.images, 10);
  EXPECT_EQ(file->calibration.width, 32);
  EXPECT_EQ(file->calibration.name, std::filesystem::path(photos_.string()).filename());
  ASSERT_EQ(file->ranges.size(), 2);
  EXPECT_GE(file->ranges.at("image").low, 0);
  EXPECT_LE(file->ranges.at("image").high, 1);
  EXPECT_GT(file->ranges.at("a").high, 0.5);
  ExtractOptions extract = options_.extract;
  extract.precision = Precision::kInt8;
  const auto extractor = Extractor::Load(extract);
  ASSERT_TRUE(extractor.ok()) << extractor.status();
  EXPECT_EQ((*extractor)->precision(), Precision::kInt8);
}

TEST_F(MakeInt8Test, makes_the_same_file_again) {
  ASSERT_TRUE(MakeInt8(options_).ok());
  const std::string first = FileText(options_.output).ValueOrDie();
  ASSERT_TRUE(MakeInt8(options_).ok());
  EXPECT_EQ(FileText(options_.output).ValueOrDie(), first);
}

TEST_F(MakeInt8Test, keeps_layers_in_f32_that_are_named) {
  options_.float_layers = {"first"};
  options_.compared = 0;
  options_.name = "ten photos";
  const auto report = MakeInt8(options_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->float_layers, ElementsAre("first"));
  EXPECT_EQ(report->compared, 0);
  const auto file = ParseInt8File(FileText(options_.output).ValueOrDie(), "f").ValueOrDie();
  EXPECT_THAT(file.float_layers, ElementsAre("first"));
  EXPECT_EQ(file.calibration.name, "ten photos");
}

TEST_F(MakeInt8Test, refuses_before_it_writes) {
  options_.float_layers = {"third"};
  EXPECT_EQ(MakeInt8(options_).status().message(),
            "model `net` has no layer `third` that can be of 8 bits");
  options_.float_layers = {};
  options_.images.globs = {"*.jpg"};
  EXPECT_TRUE(MakeInt8(options_).status().IsInvalid());
  options_.output = "";
  EXPECT_THAT(MakeInt8(options_).status().message(), HasSubstr("output is empty"));
  EXPECT_FALSE(std::filesystem::exists(network_ + ".int8.json"));
}

TEST_F(MakeInt8Test, is_asked_for_by_who_wants_int8_of_a_model_without_it) {
  ExtractOptions extract = options_.extract;
  extract.precision = Precision::kInt8;
  const auto status = Extractor::Load(extract).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_EQ(status.message(),
            "model `net` has no int8 file, which precision int8 needs\nhint: pomona model quantize "
            "makes one from images");
  EXPECT_EQ(CheckPrecision(extract).message(), status.message());
}

}  // namespace
}  // namespace pomona
