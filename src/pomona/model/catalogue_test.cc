#include "pomona/model/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <openvino/core/graph_util.hpp>

#include "temp_folder.h"
#include "test_network.h"
#include "test_onnx.h"

namespace pomona {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using Net = TestNetwork;

/// A user with a home of their own and POMONA_MODELS set, both empty.
class CatalogueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    setenv("XDG_DATA_HOME", home_.string().c_str(), 1);
    setenv("POMONA_MODELS", listed_.string().c_str(), 1);
  }
  void TearDown() override {
    unsetenv("XDG_DATA_HOME");
    unsetenv("POMONA_MODELS");
    unsetenv("POMONA_PYTHON");
  }

  /// Writes a small network as `file` (.xml) in folder `folder`.
  static std::string WriteNetwork(const std::filesystem::path& folder, const std::string& file,
                                  size_t channels = 5) {
    std::filesystem::create_directories(folder);
    const Net net;
    const auto pooled = Net::Named(Net::Pool(Net::Convolution(net.image(), 3, channels)), "pooled");
    const std::string path = (folder / file).string();
    ov::serialize(net.Build({Net::Dense(pooled, channels, 4)}), path);
    return path;
  }

  TempFolder home_;
  TempFolder listed_;
  TempFolder files_;
};

TEST_F(CatalogueTest, finds_the_default_model_beside_the_library) {
  const auto model = FindModel("efficientnet-lite0");
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->card.name, "efficientnet-lite0");
  EXPECT_EQ(model->card.license, "Apache-2.0");
  EXPECT_EQ(model->card.height, 224);
  EXPECT_EQ(model->digest.size(), std::string("sha256:").size() + 64);
  EXPECT_GT(model->bytes, 18'000'000);
}

TEST_F(CatalogueTest, takes_the_first_of_listed_user_and_install) {
  WriteNetwork(listed_.path() / "net", "model.xml", 5);
  WriteNetwork(home_.path() / "pomona/models/net", "model.xml", 6);
  EXPECT_EQ(FindModel("net")->path, listed_.string() + "/net/model.xml");
  std::filesystem::remove_all(listed_.path() / "net");
  EXPECT_EQ(FindModel("net")->path, home_.string() + "/pomona/models/net/model.xml");
}

TEST_F(CatalogueTest, lists_all_by_name) {
  WriteNetwork(listed_.path() / "b", "model.xml");
  WriteNetwork(home_.path() / "pomona/models/a", "model.xml");
  WriteNetwork(home_.path() / "pomona/models/b", "model.xml");
  const auto models = ListModels();
  ASSERT_TRUE(models.ok()) << models.status();
  std::vector<std::string> names;
  for (const auto& model : *models) names.push_back(model.card.name);
  EXPECT_THAT(names, ElementsAre("a", "b", "efficientnet-lite0"));
}

TEST_F(CatalogueTest, says_what_is_known) {
  const auto status = FindModel("nothing").status();
  EXPECT_TRUE(status.IsKeyError());
  EXPECT_EQ(status.message(),
            "no model `nothing`, by name or path\nhint: known are efficientnet-lite0");
}

TEST_F(CatalogueTest, reads_a_path_with_a_card_beside_it) {
  const std::string path = WriteNetwork(files_.path(), "net.xml");
  EXPECT_EQ(FindModel(path)->card.name, "net");
  files_.Write("card.json", R"({"name": "from folder"})");
  EXPECT_EQ(FindModel(path)->card.name, "from folder");
  files_.Write("net.xml.card.json", R"({"name": "from file"})");
  EXPECT_EQ(FindModel(path)->card.name, "from file");
}

TEST_F(CatalogueTest, reads_a_folder_with_one_network) {
  WriteNetwork(files_.path() / "folder", "anything.xml");
  EXPECT_EQ(FindModel(files_.string() + "/folder")->card.name, "folder");
  WriteNetwork(files_.path() / "folder", "second.xml");
  EXPECT_THAT(FindModel(files_.string() + "/folder").status().message(),
              HasSubstr("does not hold exactly one model"));
}

TEST_F(CatalogueTest, passes_on_what_is_wrong_with_a_card) {
  const std::string path = WriteNetwork(files_.path(), "net.xml");
  files_.Write("card.json", R"({"heigth": 3})");
  EXPECT_THAT(FindModel(path).status().message(), HasSubstr("unknown key `heigth`"));
}

TEST_F(CatalogueTest, digests_the_network_not_its_place_nor_its_card) {
  const std::string path = WriteNetwork(files_.path() / "1", "net.xml");
  const std::string digest = FindModel(path)->digest;
  files_.Write("1/card.json", R"({"name": "x"})");
  EXPECT_EQ(FindModel(path)->digest, digest);
  std::filesystem::copy(files_.path() / "1", files_.path() / "2");
  EXPECT_EQ(FindModel(files_.string() + "/2/net.xml")->digest, digest);
  std::ofstream(files_.path() / "1/net.bin", std::ios::app) << 'x';
  EXPECT_NE(FindModel(path)->digest, digest);
}

TEST_F(CatalogueTest, names_a_missing_weights_file) {
  const std::string path = WriteNetwork(files_.path(), "net.xml");
  std::filesystem::remove(files_.path() / "net.bin");
  EXPECT_THAT(FindModel(path).status().message(), HasSubstr("net.bin`: No such file"));
}

TEST_F(CatalogueTest, adds_a_copy_with_its_card) {
  const std::string path = WriteNetwork(files_.path(), "net.xml");
  files_.Write("net.xml.card.json", R"({"license": "MIT"})");
  const auto added = AddModel("mine", path);
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(added->card.name, "mine");
  EXPECT_EQ(added->card.license, "MIT");
  EXPECT_EQ(added->digest, FindModel(path)->digest);
  EXPECT_EQ(FindModel("mine")->path, added->path);
  EXPECT_EQ(added->int8_path, "") << "it has none";
  EXPECT_THAT(AddModel("mine", path).status().message(), HasSubstr("is there already"));
}

TEST_F(CatalogueTest, finds_and_adds_the_int8_file_of_a_network) {
  const std::string path = WriteNetwork(files_.path(), "net.xml");
  files_.Write("int8.json", "{}");
  EXPECT_EQ(FindModel(path)->int8_path, files_.string() + "/int8.json");
  const std::string own = files_.Write("net.xml.int8.json", "{ }");
  const Model model = FindModel(path).ValueOrDie();
  EXPECT_EQ(model.int8_path, own);
  EXPECT_EQ(model.int8_digest.size(), std::string("sha256:").size() + 64);
  const auto added = AddModel("mine", path);
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(added->int8_path, (home_.path() / "pomona/models/mine/int8.json").string());
  EXPECT_EQ(added->int8_digest, model.int8_digest);
}

TEST_F(CatalogueTest, adds_all_files_that_a_graph_names) {
  files_.Write("sub/w.bin", std::string(24, 'w'));
  const std::string path = files_.Write("net.onnx", test_onnx::Classifier("sub/w.bin"));
  const auto added = AddModel("mine", path);
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_TRUE(std::filesystem::exists(home_.path() / "pomona/models/mine/sub/w.bin"));
  EXPECT_EQ(added->digest, FindModel(path)->digest);
  std::filesystem::remove(files_.path() / "sub/w.bin");
  EXPECT_EQ(FindModel("mine")->digest, added->digest);
  EXPECT_TRUE(AddModel("other", path).status().IsIOError()) << "its weights are missing";
  EXPECT_TRUE(FindModel("other").status().IsKeyError());
}

TEST_F(CatalogueTest, leaves_nothing_behind_of_what_it_cannot_add) {
  // In the catalogue nobody could tell which of the two is the network.
  files_.Write("w.onnx", std::string(24, 'w'));
  const std::string path = files_.Write("net.onnx", test_onnx::Classifier("w.onnx"));
  EXPECT_THAT(AddModel("mine", path).status().message(),
              HasSubstr("does not hold exactly one model"));
  EXPECT_TRUE(std::filesystem::is_empty(home_.path() / "pomona/models"));
}

TEST_F(CatalogueTest, finds_a_network_whatever_the_case_of_its_extension) {
  WriteNetwork(files_.path() / "folder", "Net.xml");
  std::filesystem::rename(files_.path() / "folder/Net.xml", files_.path() / "folder/Net.XML");
  const auto model = FindModel(files_.string() + "/folder");
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_TRUE(InspectModel(*model).ok());
}

TEST_F(CatalogueTest, says_why_a_network_has_no_features_by_default) {
  const Net net({1, 3, 8, 6});
  const auto map = Net::Named(Net::Convolution(net.image(), 3, 5), "map");
  std::filesystem::create_directories(files_.path());
  const std::string path = files_.string() + "/net.xml";
  ov::serialize(net.Build({Net::Named(Net::Pool(map), "pooled")}), path);
  const auto details = InspectModel(*FindModel(path));
  ASSERT_TRUE(details.ok()) << details.status();
  EXPECT_EQ(details->chosen, "");
  EXPECT_THAT(details->chosen_origin, HasSubstr("may be class scores or features"));
}

TEST_F(CatalogueTest, adds_nothing_that_is_no_network) {
  const std::string path = files_.Write("net.onnx", "this is not a network");
  EXPECT_THAT(AddModel("mine", path).status().message(), HasSubstr("cannot read model"));
  EXPECT_TRUE(FindModel("mine").status().IsKeyError());
}

TEST_F(CatalogueTest, refuses_bad_names) {
  for (const char* name : {"", "../x", ".x", "a b", "a/b"}) {
    EXPECT_THAT(AddModel(name, "x.xml").status().message(), HasSubstr("model name")) << name;
  }
  EXPECT_THAT(AddModel("unknown", "").status().message(), HasSubstr("needs a path"));
}

TEST_F(CatalogueTest, says_why_a_conversion_failed) {
  setenv("POMONA_PYTHON", "/nonexistent/python", 1);
  EXPECT_THAT(AddModel("efficientnet-lite1", "").status().message(),
              HasSubstr("cannot start `/nonexistent/python`"));
  // A Python without pip, numpy and openvino, as far as the converter can tell.
  const std::string python =
      files_.Write("python", "#!/bin/sh\necho 'error: no network here' >&2\nexit 1\n");
  std::filesystem::permissions(python, std::filesystem::perms::owner_all);
  setenv("POMONA_PYTHON", python.c_str(), 1);
  const auto status = AddModel("efficientnet-lite1", "").status();
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), HasSubstr("no network here\nhint: POMONA_PYTHON"));
}

TEST_F(CatalogueTest, shows_inputs_outputs_and_candidates) {
  const auto details = InspectModel(*FindModel("efficientnet-lite0"));
  ASSERT_TRUE(details.ok()) << details.status();
  EXPECT_THAT(details->inputs, ElementsAre(Field(&TensorInfo::name, "image")));
  EXPECT_EQ(details->inputs[0].shape, "[-1,3,224,224]");
  EXPECT_EQ(details->inputs[0].type, "f32");
  EXPECT_THAT(details->outputs, ElementsAre(Field(&TensorInfo::shape, "[-1,1000]")));
  EXPECT_EQ(details->chosen, "features");
  EXPECT_EQ(details->chosen_origin, "as the model's card says");
  EXPECT_EQ(details->feature_candidates[0].name, "features");
  EXPECT_EQ(details->feature_candidates[0].shape, "[1,1280]");
  EXPECT_THAT(details->feature_candidates, Contains(Field(&TensorInfo::name, "logits")));
}

}  // namespace
}  // namespace pomona
