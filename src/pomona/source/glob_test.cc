#include "pomona/source/glob.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(Glob, matches_the_base_name_in_any_case) {
  const Glob glob({"*.jpg", "[ab]?.png"});
  EXPECT_TRUE(glob.Matches("file:/d/X.JPG"));
  EXPECT_TRUE(glob.Matches("s3a://b/B1.png"));
  EXPECT_TRUE(glob.Matches("file:/d/line\nbreak.jpg"));
  EXPECT_TRUE(glob.Matches("file:/d/\xc3\xa9.jpg"));
  EXPECT_FALSE(glob.Matches("file:/d/c1.png"));
  EXPECT_FALSE(glob.Matches("file:/d.jpg/x.txt"));
  EXPECT_FALSE(glob.Matches("file:/d/x.jpg.txt"));
}

TEST(Glob, refuses_patterns_that_match_nothing) {
  EXPECT_TRUE(Glob({"*.jpg"}).Validate().ok());
  EXPECT_TRUE(Glob({}).Validate().IsInvalid());
  EXPECT_TRUE(Glob({""}).Validate().IsInvalid());
  EXPECT_TRUE(Glob({"Test/*.jpg"}).Validate().IsInvalid());
}

}  // namespace
}  // namespace pomona
