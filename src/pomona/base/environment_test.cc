#include "pomona/base/environment.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace pomona {
namespace {

TEST(Environment, empty_variable_is_an_unset_one) {
  setenv("POMONA_TEST_A", "", 1);
  setenv("POMONA_TEST_B", "b", 1);
  EXPECT_EQ(FirstInEnvironment({"POMONA_TEST_A", "POMONA_TEST_B"}), "b");
  EXPECT_EQ(FirstInEnvironment({"POMONA_TEST_A"}), "");
  EXPECT_EQ(FirstInEnvironment({"POMONA_TEST_UNSET"}), "");
  unsetenv("POMONA_TEST_A");
  unsetenv("POMONA_TEST_B");
}

TEST(Environment, home_that_is_none_holds_nothing) {
  const std::string before = FirstInEnvironment({"HOME"});
  setenv("HOME", "/home/lemon", 1);
  EXPECT_EQ(InHome("/.aws"), "/home/lemon/.aws");
  for (const char* home : {"", "relative"}) {
    setenv("HOME", home, 1);
    EXPECT_EQ(InHome("/.aws"), "") << home;
  }
  before.empty() ? unsetenv("HOME") : setenv("HOME", before.c_str(), 1);
}

}  // namespace
}  // namespace pomona
