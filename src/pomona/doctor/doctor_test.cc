#include "pomona/doctor.h"
#include "pomona/base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>

#include "pomona/doctor/doctor_topics.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kKey[] = "AKIAEXAMPLEKEY";
constexpr char kSecret[] = "example/secret/of/nobody";

/// Every variable that the doctor reads is unset, and HOME is an empty folder.
class DoctorTest : public ::testing::Test {
 protected:
  DoctorTest() {
    for (const char* name : {"AWS_ACCESS_KEY_ID",
                             "AWS_SECRET_ACCESS_KEY",
                             "AWS_SESSION_TOKEN",
                             "AWS_PROFILE",
                             "AWS_DEFAULT_PROFILE",
                             "AWS_SHARED_CREDENTIALS_FILE",
                             "AWS_CONFIG_FILE",
                             "AWS_WEB_IDENTITY_TOKEN_FILE",
                             "AWS_ROLE_ARN",
                             "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                             "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                             "AWS_EC2_METADATA_DISABLED",
                             "AWS_REGION",
                             "AWS_DEFAULT_REGION",
                             "AWS_ENDPOINT_URL",
                             "AWS_ENDPOINT_URL_S3",
                             "ARROW_LIBHDFS_DIR",
                             "HADOOP_HOME",
                             "JAVA_HOME",
                             "CLASSPATH",
                             "POMONA_CACHE",
                             "XDG_CACHE_HOME"}) {
      Set(name, nullptr);
    }
    Set("HOME", home_.string().c_str());
  }

  ~DoctorTest() override {
    for (const auto& [name, value] : before_) Put(name, value ? value->c_str() : nullptr);
  }

  /// Null: unset. As before at the end of the test.
  void Set(const std::string& name, const char* value) {
    const char* old = std::getenv(name.c_str());
    before_.try_emplace(name, old == nullptr ? std::nullopt : std::optional<std::string>(old));
    Put(name, value);
  }

  static Finding Find(const std::vector<Finding>& findings, const std::string& name) {
    for (const Finding& finding : findings) {
      if (finding.name == name) return finding;
    }
    ADD_FAILURE() << "no finding " << name;
    return {};
  }

  static Finding Credentials(const StorageOptions& storage = {}) {
    return Find(ExamineS3(storage), "credentials");
  }

  TempFolder home_;

 private:
  static void Put(const std::string& name, const char* value) {
    if (value == nullptr) {
      unsetenv(name.c_str());
    } else {
      setenv(name.c_str(), value, 1);
    }
  }

  std::map<std::string, std::optional<std::string>> before_;
};

TEST_F(DoctorTest, keys_in_the_environment) {
  Set("AWS_ACCESS_KEY_ID", kKey);
  EXPECT_EQ(Credentials().level, FindingLevel::kProblem);
  EXPECT_EQ(Credentials().hint, "AWS_SECRET_ACCESS_KEY is missing");
  Set("AWS_SECRET_ACCESS_KEY", kSecret);
  EXPECT_EQ(Credentials().level, FindingLevel::kOk);
  EXPECT_EQ(Credentials().value, "environment");
}

TEST_F(DoctorTest, keys_of_a_profile) {
  home_.Write(".aws/credentials", std::string("[orchard]\naws_access_key_id = ") + kKey +
                                      "\naws_secret_access_key = " + kSecret + "\n");
  home_.Write(".aws/config",
              "[default]\nregion = eu-west-1\n[profile login]\nsso_session = office\n");
  EXPECT_EQ(Credentials().value, "instance role?");
  Set("AWS_PROFILE", "orchard");
  EXPECT_EQ(Credentials().value, "profile orchard");
  EXPECT_EQ(Credentials().level, FindingLevel::kOk);
  Set("AWS_PROFILE", "login");
  EXPECT_EQ(Credentials().value, "profile login (its SSO login)");
  Set("AWS_PROFILE", "cellar");
  EXPECT_EQ(Credentials().value, "profile cellar, without keys");
  EXPECT_EQ(Credentials().level, FindingLevel::kProblem);
}

TEST_F(DoctorTest, other_ways_to_credentials) {
  StorageOptions storage;
  storage.s3_access_key = kKey;
  storage.s3_secret_key = kSecret;
  EXPECT_EQ(Credentials(storage).value, "options");
  storage = {};
  storage.s3_anonymous = true;
  EXPECT_EQ(Credentials(storage).value, "none: requests are not signed");
  EXPECT_EQ(Credentials().value, "instance role?");
  EXPECT_THAT(Credentials().hint, HasSubstr("when a run starts"));
  Set("AWS_EC2_METADATA_DISABLED", "true");
  EXPECT_EQ(Credentials().value, "none");
  Set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials");
  EXPECT_EQ(Credentials().value, "container role");
  Set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/picker");
  Set("AWS_WEB_IDENTITY_TOKEN_FILE", home_.string().append("/token").c_str());
  EXPECT_EQ(Credentials().level, FindingLevel::kProblem);
  home_.Write("token", "t");
  EXPECT_EQ(Credentials().value, "web identity");
  EXPECT_EQ(Credentials().level, FindingLevel::kOk);
}

TEST_F(DoctorTest, endpoint_and_region_in_force) {
  EXPECT_EQ(Find(ExamineS3({}), "endpoint").value, "AWS");
  EXPECT_EQ(Find(ExamineS3({}), "region").value, "us-east-1");
  EXPECT_THAT(Find(ExamineS3({}), "region").hint, Not(IsEmpty()));
  Set("AWS_ENDPOINT_URL", "http://127.0.0.1:9000");
  Set("AWS_REGION", "eu-central-1");
  EXPECT_EQ(Find(ExamineS3({}), "endpoint").value, "http://127.0.0.1:9000");
  EXPECT_EQ(Find(ExamineS3({}), "region").value, "eu-central-1");
  EXPECT_THAT(Find(ExamineS3({}), "region").hint, IsEmpty());
  Set("AWS_ENDPOINT_URL", "127.0.0.1:9000");
  EXPECT_EQ(Find(ExamineS3({}), "endpoint").level, FindingLevel::kProblem);
}

TEST_F(DoctorTest, client_of_hdfs) {
  EXPECT_EQ(Find(ExamineHdfs(), "libhdfs").value, "not found");
  EXPECT_EQ(Find(ExamineHdfs(), "libhdfs").level, FindingLevel::kNote);
  const auto library = home_.Write("hadoop/lib/native/libhdfs.so", "");
  Set("HADOOP_HOME", (home_.string() + "/hadoop").c_str());
  EXPECT_EQ(Find(ExamineHdfs(), "libhdfs").value, library);
  EXPECT_EQ(Find(ExamineHdfs(), "java").level, FindingLevel::kNote);
  Set("JAVA_HOME", (home_.string() + "/jdk").c_str());
  EXPECT_EQ(Find(ExamineHdfs(), "java").level, FindingLevel::kProblem);
  home_.Write("jdk/release", "");
  EXPECT_EQ(Find(ExamineHdfs(), "java").level, FindingLevel::kOk);
  const auto nearer = home_.Write("native/libhdfs.so", "");
  Set("ARROW_LIBHDFS_DIR", (home_.string() + "/native").c_str());
  EXPECT_EQ(Find(ExamineHdfs(), "libhdfs").value, nearer);
}

TEST_F(DoctorTest, cache_folder_that_is_missing_but_can_be_made) {
  Set("POMONA_CACHE", (home_.string() + "/deep/cache").c_str());
  const auto cache = Find(ExamineModels({}), "cache");
  EXPECT_EQ(cache.value, home_.string() + "/deep/cache, writable");
  EXPECT_EQ(cache.level, FindingLevel::kOk);
}

TEST_F(DoctorTest, cache_folder_that_cannot_be_made) {
  const auto file = home_.Write("file", "x");
  DoctorOptions options;
  options.cache_dir = file + "/cache";
  const auto cache = Find(ExamineModels(options), "cache");
  EXPECT_EQ(cache.value, file + "/cache, not writable");
  EXPECT_EQ(cache.level, FindingLevel::kNote);
}

TEST_F(DoctorTest, a_model_that_is_not_there_is_a_problem_and_not_an_error) {
  DoctorOptions options;
  options.model = "quince-net";
  const auto report = Examine(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(Find(report->findings, "quince-net").level, FindingLevel::kProblem);
  EXPECT_FALSE(report->healthy());
  EXPECT_THAT(report->speeds, IsEmpty());
}

TEST_F(DoctorTest, report_as_json_without_credentials) {
  Set("AWS_ACCESS_KEY_ID", kKey);
  Set("AWS_SECRET_ACCESS_KEY", kSecret);
  Set("POMONA_CACHE", home_.string().c_str());
  DoctorOptions options;
  options.speed_test = std::chrono::milliseconds(100);
  const auto report = Examine(options);
  ASSERT_TRUE(report.ok()) << report.status();
  const std::string text = report->ToJson();
  EXPECT_THAT(text, Not(HasSubstr(kKey)));
  EXPECT_THAT(text, Not(HasSubstr(kSecret)));
  const auto json = Json::parse(text);
  EXPECT_EQ(json["healthy"], report->healthy());
  ASSERT_EQ(json["findings"].size(), report->findings.size());
  for (const char* name : {"pomona", "arrow", "openvino", "libjpeg", "libtiff", "libwebp",
                           "libcurl", "cpu", "cores", "memory", "precision", "efficientnet-lite0",
                           "cache", "credentials", "libhdfs", "same", "fast", "rich"}) {
    EXPECT_THAT(Find(report->findings, name).value, Not(IsEmpty())) << name;
  }
  EXPECT_THAT(Find(report->findings, "efficientnet-lite0").value, HasSubstr(" MiB, "));
  ASSERT_EQ(report->speeds.size(), 3);
  EXPECT_EQ(json["speed"][0]["preset"], "same");
  EXPECT_EQ(json["speed"][0]["precision"], "f32");
  EXPECT_EQ(json["speed"][0]["input_size"], 224);
  EXPECT_GT(json["speed"][0]["images_per_second"], 0);
  EXPECT_NE(json["speed"][1]["precision"], "f32");
  EXPECT_EQ(json["speed"][2]["looks"], 8);
}

TEST(CpuFeaturesTest, of_x86_and_arm) {
  EXPECT_THAT(CpuFeatures("processor\t: 0\nmodel name\t: X\n"
                          "flags\t\t: fpu avx avx2 avx512f amx_bf16\nflags\t\t: amx_int8\n"),
              ElementsAre("avx2", "avx512f", "amx_bf16"));
  EXPECT_THAT(CpuFeatures("Features\t: fp asimd evtstrm\n"), ElementsAre("neon"));
  EXPECT_THAT(CpuFeatures("flags\t: avx2_like\n"), IsEmpty());
}

TEST(DoctorOptionsTest, names_the_field) {
  DoctorOptions options;
  options.speed_test = std::chrono::milliseconds(-1);
  EXPECT_THAT(options.Validate().message(), HasSubstr("speed_test"));
  options = {};
  options.model.clear();
  EXPECT_THAT(options.Validate().message(), HasSubstr("model"));
}

}  // namespace
}  // namespace pomona
