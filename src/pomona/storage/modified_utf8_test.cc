#include "pomona/storage/modified_utf8.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(ModifiedUtf8, characters_beyond_the_first_plane_become_surrogates) {
  const std::string apple = "a\xf0\x9f\x8d\x8e.jpg";
  const std::string modified = "a\xed\xa0\xbc\xed\xbd\x8e.jpg";
  EXPECT_EQ(ToModifiedUtf8(apple), modified);
  EXPECT_EQ(FromModifiedUtf8(modified), apple);
}

TEST(ModifiedUtf8, all_else_stays) {
  for (const std::string text : {"", "plain", "L\xc3\xa9mon", "\xe6\xa2\xa8", "\xff\xfe",
                                 "\xed\xa0\xbc", "\xed\xa0\xbcx", "\xf0\x9f", "\xe6"}) {
    EXPECT_EQ(ToModifiedUtf8(text), text);
    EXPECT_EQ(FromModifiedUtf8(text), text);
  }
}

TEST(ModifiedUtf8, last_code_point_makes_the_round_trip) {
  const std::string last = "\xf4\x8f\xbf\xbf";
  EXPECT_EQ(FromModifiedUtf8(ToModifiedUtf8(last)), last);
}

}  // namespace
}  // namespace pomona
