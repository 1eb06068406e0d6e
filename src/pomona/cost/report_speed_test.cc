#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pomona/base/json.h"
#include "pomona/core_speed.h"
#include "pomona/run.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::HasSubstr;

class ReportSpeedTest : public ::testing::Test {
 protected:
  arrow::Result<CoreSpeed> Read(const std::string& text) {
    return SpeedOfReport(folder_.Write("report.json", text));
  }

  TempFolder folder_;
};

RunReport Report() {
  RunReport report;
  report.precision = "bf16";
  report.feature_dim = 320;
  report.images = 900;
  report.rejects = {{"corrupt", 100}};
  report.extract_seconds = 5;
  report.cores = 4;
  report.bottleneck = "infer";
  return report;
}

TEST_F(ReportSpeedTest, is_what_a_run_of_ours_did_a_core) {
  const auto speed = Read(Report().ToJson());
  ASSERT_TRUE(speed.ok()) << speed.status();
  EXPECT_DOUBLE_EQ(speed->images_per_second, 50);
  EXPECT_EQ(speed->feature_dim, 320);
  EXPECT_EQ(speed->precision, "bf16");
  EXPECT_THAT(speed->source, HasSubstr(folder_.string() + "/report.json"));
  EXPECT_EQ(speed->warning, "");
}

TEST_F(ReportSpeedTest, a_run_that_waited_for_its_store_is_a_warning) {
  RunReport report = Report();
  report.bottleneck = "fetch";
  EXPECT_THAT(Read(report.ToJson())->warning, HasSubstr("`fetch`"));
}

TEST_F(ReportSpeedTest, sparks_report_has_no_bottleneck) {
  auto json = Json::parse(Report().ToJson());
  json.erase("bottleneck");
  const auto speed = Read(json.dump());
  ASSERT_TRUE(speed.ok()) << speed.status();
  EXPECT_EQ(speed->warning, "");
}

TEST_F(ReportSpeedTest, refuses_what_says_no_speed) {
  for (const char* text : {"", "[]", "{}", R"({"model": 1, "images_per_second_per_core": 1})"}) {
    const auto status = Read(text).status();
    EXPECT_TRUE(status.IsSerializationError()) << text;
    EXPECT_THAT(status.message(), HasSubstr("is not the report of a run\nhint: ")) << text;
  }
  const std::string deep(200'000, '[');
  EXPECT_THAT(Read("{\"model\": " + deep + std::string(deep.size(), ']') + "}").status().message(),
              HasSubstr("is not the report of a run"));
  RunReport idle = Report();
  idle.images = 0;
  idle.rejects.clear();
  EXPECT_THAT(Read(idle.ToJson()).status().message(), HasSubstr("computed nothing\nhint: "));
}

TEST_F(ReportSpeedTest, refuses_a_number_of_features_that_no_run_has) {
  for (const char* count : {"0", "-1", "2147483648", "18446744073709551615", "1280.5"}) {
    auto json = Json::parse(Report().ToJson());
    json["model"]["feature_dim"] = Json::parse(count);
    const auto status = Read(json.dump()).status();
    EXPECT_TRUE(status.IsSerializationError()) << count;
    EXPECT_THAT(status.message(), HasSubstr("is not the report of a run\nhint: ")) << count;
  }
}

TEST_F(ReportSpeedTest, what_cannot_be_read_is_refused_with_a_hint) {
  for (const std::string& path : {std::string("no/such/report"), folder_.string()}) {
    const auto status = SpeedOfReport(path).status();
    EXPECT_TRUE(status.IsIOError()) << path;
    EXPECT_THAT(status.message(), HasSubstr("\nhint: ")) << path;
  }
}

}  // namespace
}  // namespace pomona
