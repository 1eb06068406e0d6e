#include "pomona/source/label.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

using Label = std::optional<std::string>;

Label Find(const std::string& rule, const std::string& uri) {
  return LabelRule::Make(rule).ValueOrDie().Find(uri).ValueOrDie();
}

TEST(Label, parent_is_the_folder_of_the_file) {
  EXPECT_EQ(Find("parent", "file:/data/Apple Braeburn/3_100.jpg"), Label("Apple Braeburn"));
  EXPECT_EQ(Find("parent", "s3a://bucket/Test/L\xc3\xa9mon/1.jpg"), Label("L\xc3\xa9mon"));
  EXPECT_EQ(Find("parent", "hdfs://host:8020/Lemon/1.jpg"), Label("Lemon"));
}

TEST(Label, parent_at_the_root_is_the_bucket_if_there_is_one) {
  EXPECT_EQ(Find("parent", "s3a://bucket/1.jpg"), Label("bucket"));
  EXPECT_EQ(Find("parent", "gs://bucket/1.jpg"), Label("bucket"));
  EXPECT_EQ(Find("parent", "abfs://box@acc.dfs.core.windows.net/1.jpg"), Label("box"));
  EXPECT_EQ(Find("parent", "hdfs://host:8020/1.jpg"), std::nullopt);
  EXPECT_EQ(Find("parent", "file:/1.jpg"), std::nullopt);
}

TEST(Label, parent_is_the_nearest_folder_that_has_a_name) {
  EXPECT_EQ(Find("parent", "s3a://bucket/p/Lemon//1.jpg"), Label("Lemon"));
  EXPECT_EQ(Find("parent", "s3a://bucket/p/Lemon///1.jpg"), Label("Lemon"));
  EXPECT_EQ(Find("parent", "s3a://bucket//1.jpg"), Label("bucket"));
  EXPECT_EQ(Find("parent", "hdfs://host:8020//1.jpg"), std::nullopt);
}

TEST(Label, parent_of_a_colon_or_slashes_in_a_name) {
  EXPECT_EQ(Find("parent", "file:/d/a:b/1.jpg"), Label("a:b"));
  EXPECT_EQ(Find("parent", "s3a://bucket/http://x/1.jpg"), Label("x"));
  EXPECT_EQ(Find("parent", "s3a://arn:aws:s3:eu-west-1:123456789012:accesspoint/p/Lime/1.jpg"),
            Label("Lime"));
}

TEST(Label, none_is_null) { EXPECT_EQ(Find("none", "file:/a/b.jpg"), std::nullopt); }

TEST(Label, regex_gives_its_first_group_or_the_match) {
  EXPECT_EQ(Find("/([^/]+)_\\d+\\.jpg$", "file:/d/lemon_12.jpg"), Label("lemon"));
  EXPECT_EQ(Find("lem[a-z]+", "file:/d/lemon_12.jpg"), Label("lemon"));
  EXPECT_EQ(Find("lime", "file:/d/lemon_12.jpg"), std::nullopt);
  EXPECT_EQ(Find("lemon(x)?", "file:/d/lemon_12.jpg"), std::nullopt);
}

TEST(Label, bad_regex_is_refused) {
  EXPECT_TRUE(LabelRule::Make("([a-z").status().IsInvalid());
  EXPECT_TRUE(LabelRule::Make("").status().IsInvalid());
}

}  // namespace
}  // namespace pomona
