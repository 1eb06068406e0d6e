#include "pomona/base/uuid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pomona {
namespace {

TEST(Uuid, IsOfVersionFourAndTheRfcVariant) {
  for (int i = 0; i < 64; ++i) {
    EXPECT_THAT(NewUuid(), testing::MatchesRegex("[0-9a-f]+-[0-9a-f]+-4[0-9a-f]+-[89ab][0-9a-f]+-"
                                                 "[0-9a-f]+"));
  }
}

TEST(Uuid, HasDashesInTheirPlaces) {
  const std::string uuid = NewUuid();
  ASSERT_EQ(uuid.size(), 36U);
  for (const size_t at : {8, 13, 18, 23}) EXPECT_EQ(uuid[at], '-');
}

TEST(Uuid, IsAnotherEachTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(NewUuid());
  EXPECT_EQ(seen.size(), 1000U);
}

}  // namespace
}  // namespace pomona
