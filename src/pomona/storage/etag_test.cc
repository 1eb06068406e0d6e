#include "pomona/storage/etag.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(OpaqueETag, is_one_for_every_spelling) {
  for (const char* spelled : {"x-2", "\"x-2\"", "W/\"x-2\"", "w/\"x-2\"", " \"x-2\"\t", "W/x-2"}) {
    EXPECT_EQ(OpaqueETag(spelled), "x-2") << spelled;
  }
}

TEST(OpaqueETag, keeps_what_is_inside) {
  EXPECT_EQ(OpaqueETag("\"W/x\""), "W/x");
  EXPECT_EQ(OpaqueETag("\" x \""), " x ");
  EXPECT_EQ(OpaqueETag("\"a\"b\""), "a\"b");
  EXPECT_EQ(OpaqueETag("\"x"), "\"x") << "one quote belongs to the tag";
}

TEST(OpaqueETag, of_none_is_none) {
  for (const char* spelled : {"", " ", "\"\"", "W/\"\""}) EXPECT_EQ(OpaqueETag(spelled), "");
  EXPECT_EQ(OpaqueETag("\""), "\"");
}

}  // namespace
}  // namespace pomona
