#include "pomona/storage/s3/settings.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "temp_folder.h"

namespace pomona {
namespace {

constexpr char kConfig[] =
    "[default]\n"
    "region = eu-west-1\n"
    "s3 =\n"
    "  endpoint_url = http://nested\n"
    "[profile lab]\n"
    "region=eu-north-1\n"
    "endpoint_url = http://lab:9000/\n";

class S3SettingsTest : public ::testing::Test {
 protected:
  S3SettingsTest() {
    for (const char* name : {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_REGION",
                             "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
      unsetenv(name);
    }
    setenv("AWS_CONFIG_FILE", folder_.Write("config", kConfig).c_str(), 1);
  }

  S3Settings Find(const StorageOptions& storage = {}) {
    return S3Settings::Find(storage).ValueOrDie();
  }

  TempFolder folder_;
};

TEST_F(S3SettingsTest, options_come_before_environment_before_profile) {
  EXPECT_EQ(Find().region, "eu-west-1");
  EXPECT_EQ(Find().endpoint, "");
  setenv("AWS_PROFILE", "lab", 1);
  EXPECT_EQ(Find().region, "eu-north-1");
  EXPECT_EQ(Find().endpoint, "http://lab:9000");
  setenv("AWS_DEFAULT_REGION", "us-west-1", 1);
  EXPECT_EQ(Find().region, "us-west-1");
  setenv("AWS_REGION", "us-west-2", 1);
  EXPECT_EQ(Find().region, "us-west-2");
  setenv("AWS_ENDPOINT_URL", "http://general:1", 1);
  EXPECT_EQ(Find().endpoint, "http://general:1");
  setenv("AWS_ENDPOINT_URL_S3", "http://s3:1", 1);
  EXPECT_EQ(Find().endpoint, "http://s3:1");
  StorageOptions storage;
  storage.s3_endpoint = "http://mine:1";
  storage.s3_region = "mine";
  EXPECT_EQ(Find(storage).endpoint, "http://mine:1");
  EXPECT_EQ(Find(storage).region, "mine");
}

TEST_F(S3SettingsTest, region_that_nobody_names_is_a_guess) {
  EXPECT_FALSE(Find().region_is_guess);
  setenv("AWS_CONFIG_FILE", (folder_.string() + "/gone").c_str(), 1);
  EXPECT_EQ(Find().region, "us-east-1");
  EXPECT_TRUE(Find().region_is_guess);
}

TEST_F(S3SettingsTest, endpoint_is_a_host_and_nothing_more) {
  for (const char* bad : {"host:9000", "ftp://host", "http://", "http://host/path",
                          "http://user:secret@host", "http://a b"}) {
    StorageOptions storage;
    storage.s3_endpoint = bad;
    const auto status = S3Settings::Find(storage).status();
    EXPECT_TRUE(status.IsInvalid()) << bad;
    EXPECT_EQ(status.message().find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace pomona
