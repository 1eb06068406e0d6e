#include "pomona/extract/cache_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace pomona {
namespace {

class CacheFolderTest : public testing::Test {
 protected:
  CacheFolderTest() {
    unsetenv("POMONA_CACHE");
    unsetenv("XDG_CACHE_HOME");
    setenv("HOME", "/home/lemon", 1);
  }
};

TEST_F(CacheFolderTest, is_the_first_that_is_named) {
  EXPECT_EQ(DefaultCacheFolder(), "/home/lemon/.cache/pomona");
  setenv("XDG_CACHE_HOME", "/caches", 1);
  EXPECT_EQ(DefaultCacheFolder(), "/caches/pomona");
  setenv("POMONA_CACHE", "here", 1);
  EXPECT_EQ(DefaultCacheFolder(), "here");
}

TEST_F(CacheFolderTest, empty_variables_name_nothing) {
  setenv("POMONA_CACHE", "", 1);
  setenv("XDG_CACHE_HOME", "", 1);
  EXPECT_EQ(DefaultCacheFolder(), "/home/lemon/.cache/pomona");
  setenv("HOME", "", 1);
  EXPECT_EQ(DefaultCacheFolder(), "") << "and not the root folder's";
}

}  // namespace
}  // namespace pomona
