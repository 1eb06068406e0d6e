#include "pomona/table/real_folders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "temp_folder.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr char kWay[] = "_pomona/staging/w/removed";

class RealFoldersTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories((table_.path() / kWay).parent_path()); }
  TempFolder table_;
  TempFolder elsewhere_;
};

TEST_F(RealFoldersTest, removes_a_file_and_is_content_without) {
  table_.Write("_pomona/rejects/part-00000-c000.parquet", "x");
  EXPECT_TRUE(RemoveBelow(table_.string(), "_pomona/rejects/part-00000-c000.parquet", kWay).ok());
  EXPECT_FALSE(fs::exists(table_.path() / "_pomona/rejects/part-00000-c000.parquet"));
  EXPECT_TRUE(RemoveBelow(table_.string(), "_pomona/rejects/part-00000-c000.parquet", kWay).ok());
  EXPECT_TRUE(RemoveBelow(table_.string(), "_pomona/gone/x", kWay).ok());
}

TEST_F(RealFoldersTest, a_link_to_a_folder_is_not_gone_through) {
  elsewhere_.Write("part-00000-c000.parquet", "theirs");
  fs::create_directory_symlink(elsewhere_.path(), table_.path() / "_pomona/rejects");
  const auto status = RemoveBelow(table_.string(), "_pomona/rejects/part-00000-c000.parquet", kWay);
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), HasSubstr("behind a link"));
  EXPECT_TRUE(fs::exists(elsewhere_.path() / "part-00000-c000.parquet"));
  EXPECT_THAT(RefuseLinkedFolders(table_.string()).message(), HasSubstr("rejects is a link"));
}

TEST_F(RealFoldersTest, a_file_that_is_a_link_goes_and_not_what_it_names) {
  const std::string theirs = elsewhere_.Write("theirs", "x");
  fs::create_symlink(theirs, table_.path() / "_SUCCESS");
  EXPECT_TRUE(RemoveBelow(table_.string(), "_SUCCESS", kWay).ok());
  EXPECT_FALSE(fs::is_symlink(table_.path() / "_SUCCESS"));
  EXPECT_TRUE(fs::exists(theirs));
}

TEST_F(RealFoldersTest, the_table_itself_may_be_reached_by_a_link) {
  table_.Write("_pomona/run.json", "{}");
  const fs::path link = elsewhere_.path() / "table";
  fs::create_directory_symlink(table_.path(), link);
  EXPECT_TRUE(RefuseLinkedFolders(link.string()).ok());
  EXPECT_TRUE(RemoveBelow(link.string(), "_pomona/run.json", kWay).ok());
  EXPECT_FALSE(fs::exists(table_.path() / "_pomona/run.json"));
}

TEST_F(RealFoldersTest, nothing_is_removed_once_the_way_is_taken_away) {
  table_.Write("_SUCCESS", "");
  fs::rename((table_.path() / kWay).parent_path(), elsewhere_.path() / "taken");
  EXPECT_TRUE(RemoveBelow(table_.string(), "_SUCCESS", kWay).IsIOError());
  EXPECT_TRUE(fs::exists(table_.path() / "_SUCCESS"));
}

TEST_F(RealFoldersTest, a_file_in_the_place_of_a_folder_is_refused) {
  table_.Write("_pomona/lease", "no folder");
  EXPECT_THAT(RefuseLinkedFolders(table_.string()).message(), HasSubstr("lease is no folder"));
}

}  // namespace
}  // namespace pomona
