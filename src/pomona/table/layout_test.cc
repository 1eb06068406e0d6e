#include "pomona/table/layout.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

constexpr char kUuid[] = "0f3a2b1c-1111-4222-8333-444455556666";

TEST(Layout, NamesOfOnePart) {
  const PartId id{.index = 7, .epoch = 2};
  EXPECT_EQ(PartFileName(id, kUuid),
            "part-00007-0f3a2b1c-1111-4222-8333-444455556666-c002.snappy.parquet");
  EXPECT_EQ(ReferencesFileName(id), "_pomona/references/part-00007-c002.parquet");
  EXPECT_EQ(RejectsFileName(id), "_pomona/rejects/part-00007-c002.parquet");
  EXPECT_EQ(PartEntryName(id), "_pomona/manifest/part-00007-c002.json");
}

TEST(Layout, NumbersMayOutgrowTheirDigits) {
  EXPECT_EQ(PartEntryName({.index = 123456, .epoch = 1000}),
            "_pomona/manifest/part-123456-c1000.json");
}

TEST(Layout, NumbersOfStatesAndClaims) {
  EXPECT_EQ(StateFileName(7), "_pomona/states/00000007.jsonl");
  EXPECT_EQ(ClaimFileName(3), "_pomona/lease/00000003.json");
  for (const int64_t number : {0, 7, 99'999'999, 100'000'000, 999'999'999}) {
    EXPECT_EQ(StateNumberOf(StateFileName(number)), number);
    EXPECT_EQ(ClaimEpochOf(ClaimFileName(static_cast<int>(number))), number);
  }
  for (const char* name :
       {"_pomona/states/7.jsonl", "_pomona/states/000000007.jsonl", "_pomona/states/00000007.json",
        "_pomona/states/1000000000.jsonl", "_pomona/states/-0000007.jsonl", "00000007.jsonl",
        "_pomona/states/segment-00000-00000007-c000.jsonl"}) {
    EXPECT_EQ(StateNumberOf(name), -1) << name;
    EXPECT_EQ(ClaimEpochOf(name), -1) << name;
  }
  EXPECT_TRUE(IsSegmentFile(SegmentFileName(3, 7, 2)));
  EXPECT_FALSE(IsSegmentFile(StateFileName(7)));
  for (const auto& name : {StateFileName(7), SegmentFileName(3, 7, 2), ClaimFileName(1)}) {
    EXPECT_TRUE(IsOwnFile(name)) << name;
  }
}

TEST(Layout, TellsPartsFromOtherFiles) {
  EXPECT_TRUE(IsPartFile(PartFileName({}, kUuid)));
  EXPECT_TRUE(IsPartFile("part-00000-x.gz.parquet"));
  EXPECT_FALSE(IsPartFile("_SUCCESS"));
  EXPECT_FALSE(IsPartFile("part-00000.csv"));
  EXPECT_FALSE(IsPartFile("apart-0.parquet"));
}

TEST(Layout, TellsOurPartsFromThoseOfOtherRuns) {
  EXPECT_TRUE(IsPartFileOf(PartFileName({.index = 3, .epoch = 1}, kUuid), kUuid));
  EXPECT_FALSE(IsPartFileOf(PartFileName({}, "aaaa2b1c-1111-4222-8333-444455556666"), kUuid));
  EXPECT_FALSE(IsPartFileOf(std::string("x-") + kUuid + "-c000.parquet", kUuid));
}

}  // namespace
}  // namespace pomona
