#include "pomona/source/glob.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pomona {
namespace {

using ::testing::HasSubstr;

Glob Made(const std::vector<std::string>& patterns) { return Glob::Make(patterns).ValueOrDie(); }

TEST(Glob, matches_the_base_name_in_any_case) {
  const Glob glob = Made({"*.Jpg", "[ab]?.png", "*\xc3\xa9.gif"});
  EXPECT_TRUE(glob.Matches("file:/d/X.JPG"));
  EXPECT_TRUE(glob.Matches("s3a://b/B1.png"));
  EXPECT_TRUE(glob.Matches("file:/d/line\nbreak.jpg"));
  EXPECT_TRUE(glob.Matches("file:/d/\xc3\xa9.jpg"));
  EXPECT_TRUE(glob.Matches("file:/d/caf\xc3\xa9.GIF"));
  EXPECT_TRUE(glob.Matches(".jpg"));
  EXPECT_FALSE(glob.Matches("file:/d/c1.png"));
  EXPECT_FALSE(glob.Matches("file:/d.jpg/x.txt"));
  EXPECT_FALSE(glob.Matches("file:/d/x.jpg.txt"));
  EXPECT_FALSE(glob.Matches("file:/d/jpg"));
  EXPECT_FALSE(glob.Matches("file:/d/"));
}

TEST(Glob, a_star_matches_every_name) { EXPECT_TRUE(Made({"*"}).Matches("file:/d/.x")); }

TEST(Glob, braces_are_alternatives) {
  const Glob glob = Made({"{a,b}*.{jp{e,}g,png}"});
  EXPECT_TRUE(glob.Matches("file:/d/a1.jpg"));
  EXPECT_TRUE(glob.Matches("file:/d/B2.JPEG"));
  EXPECT_TRUE(glob.Matches("file:/d/b.png"));
  EXPECT_FALSE(glob.Matches("file:/d/c.png"));
}

TEST(Glob, a_comma_outside_of_braces_is_refused_with_a_hint) {
  for (const char* pattern : {"*.jpg,*.png", "{a,b},c", "{a,b", "[a,b", "\\[,]"}) {
    const arrow::Status status = Glob::Make({pattern}).status();
    EXPECT_TRUE(status.IsInvalid()) << pattern;
    EXPECT_THAT(status.message(), HasSubstr("hint: one pattern each, or braces"));
  }
}

TEST(Glob, a_comma_that_is_part_of_a_name_can_be_written) {
  EXPECT_TRUE(Made({"a\\,b.jpg"}).Matches("file:/d/a,b.jpg"));
  EXPECT_TRUE(Made({"a[,;]b.jpg"}).Matches("file:/d/a,b.jpg"));
  EXPECT_TRUE(Glob::Make({"x\\"}).ok());
  EXPECT_TRUE(Made({"a[],]b.jpg"}).Matches("file:/d/a]b.jpg"));
}

TEST(Glob, refuses_patterns_that_match_nothing) {
  EXPECT_TRUE(Glob::Make({"*.jpg"}).ok());
  EXPECT_TRUE(Glob::Make({}).status().IsInvalid());
  EXPECT_TRUE(Glob::Make({""}).status().IsInvalid());
  EXPECT_TRUE(Glob::Make({"Test/*.jpg"}).status().IsInvalid());
}

}  // namespace
}  // namespace pomona
