#include "pomona/report/common_folder.h"

#include <arrow/array/builder_binary.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pomona {
namespace {

std::string CommonFolderOf(const std::vector<std::string>& paths) {
  arrow::StringBuilder builder;
  for (const auto& path : paths) {
    EXPECT_TRUE((path.empty() ? builder.AppendNull() : builder.Append(path)).ok());
  }
  ReportRows rows;
  rows.matrix.rows = static_cast<int64_t>(paths.size());
  EXPECT_TRUE(builder.Finish(&rows.matrix.path).ok());
  return CommonFolder(rows);
}

TEST(CommonFolderTest, EndsWithAFolderAllPathsAreIn) {
  EXPECT_EQ(CommonFolderOf({"file:/a/bc/1.jpg", "file:/a/bd/1.jpg"}), "file:/a/");
  EXPECT_EQ(CommonFolderOf({"s3a://bucket/1.jpg"}), "s3a://bucket/");
  EXPECT_EQ(CommonFolderOf({"file:/a/1.jpg", "s3a://bucket/1.jpg"}), "");
  EXPECT_EQ(CommonFolderOf({"file:/a/1.jpg", ""}), "");
  EXPECT_EQ(CommonFolderOf({}), "");
}

TEST(BrowserPrefixTest, IsAnAddressOfLocalFilesAlone) {
  EXPECT_EQ(BrowserPrefix("file:/a b/50%/"), "file:///a%20b/50%25/");
  EXPECT_EQ(BrowserPrefix("/photos/"), "file:///photos/");
  EXPECT_EQ(BrowserPrefix("s3a://bucket/"), "");
  EXPECT_EQ(BrowserPrefix(""), "");
}

}  // namespace
}  // namespace pomona
