#include "pomona/source/brace_expansion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Expanded(const std::string& pattern) {
  return ExpandBraces(pattern).ValueOrDie();
}

TEST(BraceExpansion, alternatives_in_their_order) {
  EXPECT_THAT(Expanded("*.{jpg,png}"), ElementsAre("*.jpg", "*.png"));
  EXPECT_THAT(Expanded("{a,b}{1,2}.x"), ElementsAre("a1.x", "a2.x", "b1.x", "b2.x"));
  EXPECT_THAT(Expanded("x{,y}"), ElementsAre("x", "xy"));
  EXPECT_THAT(Expanded("*.jpg"), ElementsAre("*.jpg"));
}

TEST(BraceExpansion, groups_in_groups) {
  EXPECT_THAT(Expanded("*.{jp{e,}g,png}"), ElementsAre("*.jpeg", "*.jpg", "*.png"));
  EXPECT_THAT(Expanded("{a{b,c}}"), ElementsAre("{ab}", "{ac}"));
}

TEST(BraceExpansion, braces_that_stand_for_themselves) {
  EXPECT_THAT(Expanded("{a}"), ElementsAre("{a}"));
  EXPECT_THAT(Expanded("{}"), ElementsAre("{}"));
  EXPECT_THAT(Expanded("a}b{c"), ElementsAre("a}b{c"));
  EXPECT_THAT(Expanded("\\{a,b}"), ElementsAre("\\{a,b}"));
  EXPECT_THAT(Expanded("{a\\,b,c}"), ElementsAre("a\\,b", "c"));
  EXPECT_THAT(Expanded("{a\\},b}"), ElementsAre("a\\}", "b"));
  EXPECT_THAT(Expanded("x\\"), ElementsAre("x\\"));
}

TEST(BraceExpansion, a_range_is_refused) {
  EXPECT_THAT(ExpandBraces("{1..9}.jpg").status().message(), HasSubstr("range"));
}

TEST(BraceExpansion, a_pattern_that_grows_too_large_is_refused) {
  std::string pattern;
  for (int i = 0; i < 60; ++i) pattern += "{a,b}";
  EXPECT_TRUE(ExpandBraces(pattern).status().IsInvalid());
}

}  // namespace
}  // namespace pomona
