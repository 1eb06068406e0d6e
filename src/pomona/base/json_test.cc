#include "pomona/base/json.h"

#include <gtest/gtest.h>

#include <string>

namespace pomona {
namespace {

std::string Nested(int levels) {
  const auto count = static_cast<size_t>(levels);
  return std::string(count, '[') + "1" + std::string(count, ']');
}

TEST(NestsTooDeep, counts_what_is_open_at_once) {
  EXPECT_FALSE(NestsTooDeep(""));
  EXPECT_FALSE(NestsTooDeep(Nested(kMaxJsonDepth)));
  EXPECT_TRUE(NestsTooDeep(Nested(kMaxJsonDepth + 1)));
  EXPECT_TRUE(NestsTooDeep(Nested(200'000)));
  std::string siblings = "[";
  for (int i = 0; i < 1'000; ++i) siblings += "{\"a\": []},";
  EXPECT_FALSE(NestsTooDeep(siblings + "1]"));
}

TEST(NestsTooDeep, counts_objects_and_what_is_never_closed) {
  std::string objects;
  for (int i = 0; i <= kMaxJsonDepth; ++i) objects += "{\"a\":";
  EXPECT_TRUE(NestsTooDeep(objects));
}

TEST(NestsTooDeep, does_not_look_into_strings) {
  const std::string brackets(1'000, '[');
  EXPECT_FALSE(NestsTooDeep('"' + brackets + '"'));
  EXPECT_FALSE(NestsTooDeep(R"("\")" + brackets + '"'));
  EXPECT_TRUE(NestsTooDeep(R"("\\")" + brackets));
}

}  // namespace
}  // namespace pomona
