#include "pomona/model/protobuf_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pomona {
namespace {

using Bytes = std::vector<uint8_t>;

/// Each field as NUMBER=INTEGER or NUMBER="TEXT"; what ends the walk, where that is an error.
std::vector<std::string> Walk(const Bytes& message) {
  ProtobufFields fields(message);
  ProtobufField field;
  std::vector<std::string> seen;
  while (true) {
    const auto more = fields.Next(&field);
    if (!more.ok()) {
      seen.push_back(more.status().message());
      return seen;
    }
    if (!*more) return seen;
    const std::string value =
        field.has_bytes ? '"' + std::string(field.text()) + '"' : std::to_string(field.integer);
    seen.push_back(std::to_string(field.number) + '=' + value);
  }
}

TEST(ProtobufFields, reads_numbers_and_bytes_and_skips_the_rest) {
  const Bytes message = {0x08, 0x96, 0x01,                      // 1: 150
                         0x12, 2,    'h',  'i',                 // 2: "hi"
                         0x19, 1,    2,    3,   4, 5, 6, 7, 8,  // 3: 8 bytes
                         0x25, 1,    2,    3,   4,              // 4: 4 bytes
                         0x92, 0x01, 0};                        // 18: ""
  EXPECT_THAT(Walk(message), ::testing::ElementsAre("1=150", "2=\"hi\"", "3=0", "4=0", "18=\"\""));
}

TEST(ProtobufFields, refuses_what_is_cut_or_no_message) {
  EXPECT_THAT(Walk({}), ::testing::IsEmpty());
  EXPECT_THAT(Walk({0x80}), ::testing::ElementsAre("a number has no end"));
  EXPECT_THAT(Walk(Bytes(11, 0xFF)), ::testing::ElementsAre("a number has no end"));
  EXPECT_THAT(Walk({0x12, 3, 'h', 'i'}), ::testing::ElementsAre("a field of 3 bytes has 2"));
  EXPECT_THAT(Walk({0x19, 1}), ::testing::ElementsAre("a field of 8 bytes has 1"));
  EXPECT_THAT(Walk({0x00}), ::testing::ElementsAre("a field has the number 0"));
  EXPECT_THAT(Walk({0x0B}), ::testing::ElementsAre("a field is of kind 3"));
  // A length near 2^64 must not wrap around.
  Bytes huge = {0x12};
  huge.insert(huge.end(), 9, 0xFF);
  huge.push_back(0x01);
  EXPECT_THAT(Walk(huge), ::testing::ElementsAre("a field of 18446744073709551615 bytes has 0"));
}

}  // namespace
}  // namespace pomona
