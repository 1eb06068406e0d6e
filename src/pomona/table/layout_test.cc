#include "pomona/table/layout.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

constexpr char kUuid[] = "0f3a2b1c-1111-4222-8333-444455556666";

TEST(Layout, NamesOfOnePart) {
  const PartId id{.index = 7, .revision = 2};
  EXPECT_EQ(PartFileName(id, kUuid),
            "part-00007-0f3a2b1c-1111-4222-8333-444455556666-c002.snappy.parquet");
  EXPECT_EQ(ReferencesFileName(id), "_pomona/references/part-00007-c002.parquet");
  EXPECT_EQ(RejectsFileName(id), "_pomona/rejects/part-00007-c002.parquet");
  EXPECT_EQ(PartEntryName(id), "_pomona/manifest/part-00007-c002.json");
}

TEST(Layout, NumbersMayOutgrowTheirDigits) {
  EXPECT_EQ(PartEntryName({.index = 123456, .revision = 1000}),
            "_pomona/manifest/part-123456-c1000.json");
}

TEST(Layout, TellsPartsFromOtherFiles) {
  EXPECT_TRUE(IsPartFile(PartFileName({}, kUuid)));
  EXPECT_TRUE(IsPartFile("part-00000-x.gz.parquet"));
  EXPECT_FALSE(IsPartFile("_SUCCESS"));
  EXPECT_FALSE(IsPartFile("part-00000.csv"));
  EXPECT_FALSE(IsPartFile("apart-0.parquet"));
}

TEST(Layout, TellsOurPartsFromThoseOfOtherRuns) {
  EXPECT_TRUE(IsPartFileOf(PartFileName({.index = 3, .revision = 1}, kUuid), kUuid));
  EXPECT_FALSE(IsPartFileOf(PartFileName({}, "aaaa2b1c-1111-4222-8333-444455556666"), kUuid));
  EXPECT_FALSE(IsPartFileOf(std::string("x-") + kUuid + "-c000.parquet", kUuid));
}

}  // namespace
}  // namespace pomona
