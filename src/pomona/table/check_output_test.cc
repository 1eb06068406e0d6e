#include "pomona/check_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "temp_folder.h"

namespace pomona {
namespace {

using testing::HasSubstr;

class CheckOutputTest : public testing::Test {
 protected:
  CheckOutputTest() { folder_.Write("photos/Lemon/1.jpg", "x"); }

  std::string Path(const std::string& name) const { return folder_.string() + "/" + name; }

  arrow::Status Check(const std::string& output, bool tables_may_go = true) const {
    return CheckOutput(
        {.output = output, .sources = {Path("photos")}, .tables_may_go = tables_may_go});
  }

  TempFolder folder_;
};

TEST_F(CheckOutputTest, the_source_and_what_holds_it_are_refused_in_every_spelling) {
  std::filesystem::create_directory_symlink(folder_.path() / "photos", folder_.path() / "link");
  for (const std::string& output :
       {Path("photos"), Path("photos/"), Path("x/../photos"), Path("link"), folder_.string(),
        "file:" + Path("photos"), "file://" + Path("photos"), "FILE://" + Path("photos/")}) {
    const auto status = Check(output);
    EXPECT_TRUE(status.IsInvalid()) << output;
    EXPECT_THAT(status.message(), HasSubstr("is the source, or holds it")) << output;
  }
  EXPECT_TRUE(Check(Path("photos/features")).ok());
}

TEST_F(CheckOutputTest, buckets_are_compared_without_a_request) {
  for (const char* output : {"s3://b/photos", "s3a://b/photos/", "S3://b", "s3://b/a/../photos"}) {
    EXPECT_TRUE(
        CheckOutput(
            {.output = output, .sources = {"s3a://b/photos"}, .names = std::vector<std::string>()})
            .IsInvalid())
        << output;
  }
  EXPECT_TRUE(CheckOutput({.output = "s3://b/features",
                           .sources = {"s3://b/photos"},
                           .names = std::vector<std::string>()})
                  .ok());
}

TEST_F(CheckOutputTest, a_folder_of_other_things_is_refused) {
  folder_.Write("file/letter.txt", "dear all");
  folder_.Write("folder/letters/1.txt", "dear all");
  EXPECT_THAT(Check(Path("file")).message(), HasSubstr("holds something else: letter.txt"));
  EXPECT_THAT(Check(Path("folder")).message(), HasSubstr("holds something else: letters/"));
}

TEST_F(CheckOutputTest, a_table_is_in_the_way_unless_it_may_go) {
  folder_.Write("table/part-00000-x-c000.snappy.parquet", "");
  folder_.Write("table/.part-00000-x-c000.snappy.parquet.crc", "");
  folder_.Write("table/_SUCCESS", "");
  folder_.Write("table/_pomona/report.json", "{}");
  folder_.Write("table/_temporary/0/x", "");
  EXPECT_TRUE(Check(Path("table")).ok());
  EXPECT_TRUE(Check(Path("table"), /*tables_may_go=*/false).IsInvalid());
  EXPECT_TRUE(Check(Path("new"), /*tables_may_go=*/false).ok());
}

TEST_F(CheckOutputTest, what_another_client_saw_is_judged_by_the_same_rule) {
  const auto check = [&](std::vector<std::string> names) {
    return CheckOutput({.output = "wasbs://c@a/features",
                        .sources = {Path("photos")},
                        .tables_may_go = true,
                        .names = std::move(names)});
  };
  EXPECT_TRUE(check({"part-00000.parquet", "_SUCCESS", "_pomona/", "_temporary/"}).ok());
  EXPECT_THAT(check({"_SUCCESS", "Lemon/"}).message(), HasSubstr("Lemon/"));
}

}  // namespace
}  // namespace pomona
