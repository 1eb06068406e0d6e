#include "pomona/model/int8_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pomona/base/json.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Int8File Example() {
  return {.network = "sha256:ab",
          .made_by = "pomona 1",
          .calibration =
              {.name = "fruits", .digest = "sha256:cd", .images = 300, .height = 224, .width = 192},
          .float_layers = {"first", "second"},
          .ranges = {{"image", {-1, 0.992}}, {"a.relu6", {0, 6}}}};
}

/// The message about the example with `key` of it replaced.
std::string ErrorWith(const std::string& key, const Json& value) {
  Json json = ParseJson(Int8FileText(Example())).ValueOrDie();
  Json* at = &json;
  std::string last = key;
  if (const size_t dot = key.find('.'); dot != key.npos) {
    at = &json[key.substr(0, dot)];
    last = key.substr(dot + 1);
  }
  (*at)[last] = value;
  const auto status = ParseInt8File(CompactJson(json), "m/int8.json").status();
  EXPECT_TRUE(status.IsSerializationError()) << key << ": " << status;
  return status.message();
}

TEST(Int8File, is_read_as_it_was_written) {
  const std::string text = Int8FileText(Example());
  const auto file = ParseInt8File(text, "m/int8.json");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(Int8FileText(*file), text);
  EXPECT_EQ(file->network, "sha256:ab");
  EXPECT_EQ(file->made_by, "pomona 1");
  EXPECT_EQ(file->calibration.name, "fruits");
  EXPECT_EQ(file->calibration.digest, "sha256:cd");
  EXPECT_EQ(file->calibration.images, 300);
  EXPECT_EQ(file->calibration.height, 224);
  EXPECT_EQ(file->calibration.width, 192);
  EXPECT_THAT(file->float_layers, ElementsAre("first", "second"));
  EXPECT_EQ(file->ranges.at("image").low, -1);
  EXPECT_EQ(file->ranges.at("image").high, 0.992);
  EXPECT_EQ(DescribeInt8File(*file), "300 images of fruits at 192x224; 2 tensors, 2 layers in f32");
}

TEST(Int8File, names_the_key_of_what_is_wrong) {
  EXPECT_EQ(ErrorWith("ranges.image", {1, 0}),
            "int8 file `m/int8.json`: `ranges.image` must be two numbers, the lower one first, not "
            "[1,0]");
  EXPECT_THAT(ErrorWith("ranges.image", {0}), HasSubstr("`ranges.image` must be two numbers"));
  EXPECT_THAT(ErrorWith("ranges.image", {"0", 1}), HasSubstr("`ranges.image` must be two numbers"));
  EXPECT_THAT(ErrorWith("ranges.image", {0, 1e39}), HasSubstr("`ranges.image` must be two"));
  EXPECT_THAT(ErrorWith("ranges", 5), HasSubstr("`ranges` must be an object, not 5"));
  EXPECT_THAT(ErrorWith("float", "first"), HasSubstr("`float` must be a list of names"));
  EXPECT_THAT(ErrorWith("float", {1}), HasSubstr("`float` must be a list of names"));
  EXPECT_THAT(ErrorWith("network", ""), HasSubstr("`network` must be text"));
  EXPECT_THAT(ErrorWith("calibration.images", 0), HasSubstr("`calibration.images` must be"));
  EXPECT_THAT(ErrorWith("calibration.size", 0), HasSubstr("unknown key `calibration.size`"));
  EXPECT_THAT(ErrorWith("bias", 0), HasSubstr("unknown key `bias`"));
}

TEST(Int8File, says_that_it_is_of_a_newer_version) {
  EXPECT_EQ(ErrorWith("format", 2),
            "int8 file `m/int8.json` is of format 2 with weights by `pairs`; this version reads "
            "format 1 with `pairs`");
  EXPECT_THAT(ErrorWith("weights", "groups"), HasSubstr("weights by `groups`"));
}

TEST(Int8File, is_no_other_json) {
  const auto error = [](std::string_view text) {
    const auto status = ParseInt8File(text, "x").status();
    EXPECT_TRUE(status.IsSerializationError()) << status;
    return status.message();
  };
  EXPECT_THAT(error(""), HasSubstr("int8 file `x` is no JSON"));
  EXPECT_THAT(error("[]"), HasSubstr("int8 file `x` is no JSON object"));
  EXPECT_THAT(error("{}"), HasSubstr("int8 file `x` has no `format`"));
}

TEST(ReadInt8File, takes_the_file_that_was_named_for_the_network_that_it_is_for) {
  const TempFolder folder;
  const std::string text = Int8FileText(Example());
  const std::string path = folder.Write("int8.json", text);
  const std::string digest = DigestOfInt8File(text);
  EXPECT_TRUE(ReadInt8File(path, digest, "sha256:ab").ok());
  const auto changed = ReadInt8File(path, "sha256:00", "sha256:ab").status();
  EXPECT_TRUE(changed.IsInvalid());
  EXPECT_THAT(changed.message(), HasSubstr("changed while it was read"));
  const auto other = ReadInt8File(path, digest, "sha256:00").status();
  EXPECT_TRUE(other.IsInvalid());
  EXPECT_EQ(other.message(), "int8 file `" + path +
                                 "` is for the network sha256:ab, not for sha256:00\nhint: pomona "
                                 "model quantize makes one for this network");
  EXPECT_TRUE(ReadInt8File(path + "x", digest, "sha256:ab").status().IsIOError());
}

}  // namespace
}  // namespace pomona
