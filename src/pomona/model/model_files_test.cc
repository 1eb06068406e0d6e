#include "pomona/model/model_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <future>

#include "pomona/model/engine.h"
#include "temp_folder.h"
#include "test_onnx.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string WeightBytes(float first) {
  const std::vector<float> values = {first, 2, 3, 4, 5, 6};
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

class ModelFilesTest : public ::testing::Test {
 protected:
  /// net.onnx, whose weights lie at `location`.
  fs::path WriteOnnx(const std::string& location) {
    return folder_.Write("m/net.onnx", test_onnx::Classifier(location));
  }
  static std::vector<std::string> Names(const fs::path& network) {
    const auto files = ModelFiles(network);
    EXPECT_TRUE(files.ok()) << files.status();
    std::vector<std::string> names;
    if (files.ok()) {
      for (const auto& file : *files) names.push_back(file.name);
    }
    return names;
  }
  static std::string DigestOf(const fs::path& network) {
    Model model;
    const auto status = DigestModel(network, &model);
    EXPECT_TRUE(status.ok()) << status;
    return model.digest;
  }
  static arrow::Status Refused(const fs::path& network) {
    Model model;
    const auto status = DigestModel(network, &model);
    EXPECT_FALSE(status.ok());
    return status;
  }

  TempFolder folder_;
};

TEST_F(ModelFilesTest, are_what_an_onnx_graph_names) {
  const auto network = WriteOnnx("./sub/.//weights.bin");
  folder_.Write("m/sub/weights.bin", WeightBytes(1));
  folder_.Write("m/net.onnx.data", "of another graph");
  EXPECT_THAT(Names(network), ElementsAre("net.onnx", "sub/weights.bin"));
}

TEST_F(ModelFilesTest, have_another_digest_when_only_the_weights_change) {
  const auto network = WriteOnnx("weights.bin");
  const auto weights = folder_.Write("m/weights.bin", WeightBytes(1));
  const auto time = fs::last_write_time(weights);
  const std::string digest = DigestOf(network);
  folder_.Write("m/weights.bin", WeightBytes(7));
  fs::last_write_time(weights, time);
  EXPECT_NE(DigestOf(network), digest) << "neither size nor time changed, the bytes did";
  folder_.Write("m/weights.bin", WeightBytes(1));
  EXPECT_EQ(DigestOf(network), digest);
}

TEST_F(ModelFilesTest, must_exist) {
  const auto network = WriteOnnx("weights.bin");
  EXPECT_TRUE(Refused(network).IsIOError());
  EXPECT_THAT(Refused(network).message(), HasSubstr("m/weights.bin`: No such file"));
  fs::create_directory(folder_.path() / "m/weights.bin");
  EXPECT_THAT(Refused(network).message(), HasSubstr("m/weights.bin`: it is no file"));
  fs::remove(folder_.path() / "m/weights.bin");
  ASSERT_EQ(mkfifo((folder_.path() / "m/weights.bin").c_str(), 0600), 0);
  EXPECT_THAT(Refused(network).message(), HasSubstr("m/weights.bin`: it is no file"));
}

TEST_F(ModelFilesTest, must_lie_in_the_folder_of_the_graph) {
  const auto outside = folder_.Write("weights.bin", WeightBytes(1));
  folder_.Write("m/weights.bin", WeightBytes(1));
  for (const std::string& location :
       {std::string("../weights.bin"), std::string("../m/weights.bin"), outside,
        (folder_.path() / "m/weights.bin").string(), std::string("sub/../../weights.bin"),
        std::string("weights.bin\0x", 13), std::string("*/_ORT_MEM_ADDR_/*")}) {
    const auto status = Refused(WriteOnnx(location));
    EXPECT_TRUE(status.IsInvalid()) << status;
    EXPECT_THAT(status.message(), HasSubstr("which is no place in its folder")) << location;
  }
}

TEST_F(ModelFilesTest, may_be_links_inside_the_folder_only) {
  const auto network = WriteOnnx("weights.bin");
  folder_.Write("m/real.bin", WeightBytes(1));
  fs::create_symlink("real.bin", folder_.path() / "m/weights.bin");
  EXPECT_THAT(Names(network), ElementsAre("net.onnx", "weights.bin"));
  fs::remove(folder_.path() / "m/weights.bin");
  fs::create_symlink(folder_.Write("outside.bin", WeightBytes(1)),
                     folder_.path() / "m/weights.bin");
  EXPECT_THAT(Refused(network).message(), AllOf(HasSubstr("is a link out of the network's folder"),
                                                HasSubstr("\nhint: cp -rL")));
  fs::remove(folder_.path() / "m/weights.bin");
  folder_.Write("m-too/weights.bin", WeightBytes(1));
  fs::create_directory_symlink("../m-too", folder_.path() / "m/sub");
  EXPECT_THAT(Refused(WriteOnnx("sub/weights.bin")).message(), HasSubstr("is a link out"));
}

TEST_F(ModelFilesTest, of_a_saved_model_are_its_graph_variables_and_assets) {
  folder_.Write("net/saved_model.pb", "graph");
  folder_.Write("net/variables/variables.index", "i");
  folder_.Write("net/variables/variables.data-00000-of-00001", "d");
  folder_.Write("net/assets/words.txt", "w");
  folder_.Write("net/card.json", "{}");
  folder_.Write("net/notes/readme.txt", "no part of it");
  EXPECT_THAT(Names(folder_.path() / "net"),
              ElementsAre("assets/words.txt", "saved_model.pb",
                          "variables/variables.data-00000-of-00001", "variables/variables.index"));
  const std::string digest = DigestOf(folder_.path() / "net");
  EXPECT_EQ(DigestOf(folder_.string() + "/net/"), digest);
  fs::rename(folder_.path() / "net", folder_.path() / "other");
  EXPECT_EQ(DigestOf(folder_.path() / "other"), digest);
  folder_.Write("other/variables/variables.data-00000-of-00001", "D");
  EXPECT_NE(DigestOf(folder_.path() / "other"), digest);
  folder_.Write("outside/x", "x");
  fs::create_directory_symlink(folder_.path() / "outside", folder_.path() / "other/assets/more");
  EXPECT_THAT(Refused(folder_.path() / "other").message(), HasSubstr("is a link out"));
}

TEST_F(ModelFilesTest, are_found_whatever_the_case_of_an_extension) {
  const auto network = folder_.Write("Net.ONNX", test_onnx::Classifier("w.bin"));
  folder_.Write("w.bin", WeightBytes(1));
  EXPECT_THAT(Names(network), ElementsAre("Net.ONNX", "w.bin"));
  folder_.Write("Net.XML", "x");
  folder_.Write("Net.bin", "x");
  EXPECT_THAT(Names(folder_.path() / "Net.XML"), ElementsAre("Net.XML", "Net.bin"));
}

TEST_F(ModelFilesTest, may_not_be_pointers_of_git_lfs) {
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\n"
      "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
  for (const char* name : {"a.onnx", "a.tflite"}) {
    const auto status = Refused(folder_.Write(name, pointer));
    EXPECT_TRUE(status.IsSerializationError());
    EXPECT_THAT(status.message(),
                AllOf(StartsWith("`" + folder_.string() + "/" + name + "` is a Git LFS pointer"),
                      HasSubstr("\nhint: git lfs pull")));
  }
  folder_.Write("a.bin", pointer);
  EXPECT_THAT(Refused(folder_.Write("a.xml", "<net/>")).message(),
              HasSubstr("/a.bin` is a Git LFS pointer"));
  folder_.Write("m/w.bin", pointer);
  EXPECT_THAT(Refused(WriteOnnx("w.bin")).message(), HasSubstr("/w.bin` is a Git LFS pointer"));
}

// ---- the engine ------------------------------------------------------------------------

class ExternalWeightsTest : public ModelFilesTest {
 protected:
  static arrow::Result<std::unique_ptr<Engine>> Load(const fs::path& network,
                                                     const EngineOptions& options) {
    Model model;
    ARROW_RETURN_NOT_OK(DigestModel(network, &model));
    model.card.normalisation = Normalisation();
    return Engine::Load(model, options);
  }
  static float FirstFeature(Engine* engine) {
    std::fill_n(engine->request(0).pixels(), engine->height() * engine->width() * 3, uint8_t{1});
    std::promise<arrow::Status> done;
    engine->request(0).Start([&](arrow::Status status) { done.set_value(std::move(status)); });
    EXPECT_TRUE(done.get_future().get().ok());
    return engine->request(0).features()[0];
  }
};

TEST_F(ExternalWeightsTest, are_not_taken_from_the_cache_when_they_were_replaced) {
  const auto network = WriteOnnx("weights.bin");
  EngineOptions options;
  options.cache_dir = folder_.string() + "/cache";
  folder_.Write("m/weights.bin", WeightBytes(1));
  for (int i = 0; i < 2; ++i) {
    const auto engine = Load(network, options);
    ASSERT_TRUE(engine.ok()) << engine.status();
    EXPECT_FLOAT_EQ(FirstFeature(engine->get()), 1 + 3 + 5);
  }
  folder_.Write("m/weights.bin", WeightBytes(101));
  const auto engine = Load(network, options);
  ASSERT_TRUE(engine.ok()) << engine.status();
  EXPECT_FLOAT_EQ(FirstFeature(engine->get()), 101 + 3 + 5);
  fs::remove(folder_.path() / "m/weights.bin");
  EXPECT_TRUE(Load(network, options).status().IsIOError()) << "although it is in the cache";
}

TEST_F(ExternalWeightsTest, that_change_while_they_are_read_end_it) {
  const auto network = WriteOnnx("weights.bin");
  folder_.Write("m/weights.bin", WeightBytes(1));
  Model model;
  ASSERT_TRUE(DigestModel(network, &model).ok());
  model.card.normalisation = Normalisation();
  folder_.Write("m/weights.bin", WeightBytes(101));
  EngineOptions options;
  options.cache_dir = folder_.string() + "/cache";
  EXPECT_THAT(Engine::Load(model, options).status().message(),
              HasSubstr("changed while it was read"));
  EXPECT_FALSE(fs::exists(options.cache_dir)) << "nothing may be cached under the old digest";
}

}  // namespace
}  // namespace pomona
