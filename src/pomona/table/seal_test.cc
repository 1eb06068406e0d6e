#include "pomona/table/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hooked_file_system.h"
#include "pomona/error_kind.h"
#include "pomona/table/layout.h"
#include "test_parts.h"

namespace pomona {
namespace {

using testing::HasSubstr;

class SealTest : public testing::Test {
 protected:
  Manifest WithParts(int64_t count, int64_t rows = 10, const std::string& sha256 = "d") {
    auto store = OutputStore::Make(HookedFileSystem::ObjectStore(), "bucket/out", "the-output");
    auto manifest = Manifest::New(*store, TestRun());
    EXPECT_TRUE(manifest->Open(*store, 0).ok());
    for (int64_t i = 0; i < count; ++i) {
      PartRecord part = TestPart(i);
      part.data.rows = part.references->rows = rows;
      part.data.sha256 = sha256;
      EXPECT_TRUE(manifest->Commit(*store, part).ok());
    }
    return *std::move(manifest);
  }
  std::string WhyNot(const Seal& seal, const Manifest& manifest) {
    const auto status = IsSealedBy(ToJson(seal), manifest).status();
    EXPECT_EQ(KindOf(status), ErrorKind::kData);
    return status.message();
  }
};

TEST_F(SealTest, goes_round_and_holds_its_manifest_alone) {
  const Manifest manifest = WithParts(3);
  const Seal seal = SealOf(manifest);
  EXPECT_EQ(seal.totals.rows, 30);
  EXPECT_EQ(seal.state, 3);
  EXPECT_EQ(*ParseSeal(ToJson(seal)), seal);
  EXPECT_TRUE(*IsSealedBy(ToJson(seal), manifest));
  EXPECT_THAT(WhyNot(seal, WithParts(2)), HasSubstr("for state 3, the newest that is there is 2"));
  EXPECT_THAT(WhyNot(seal, WithParts(3, 9)), HasSubstr("30 rows of 30 references"));
  EXPECT_THAT(WhyNot(seal, WithParts(3, 10, "e")), HasSubstr("for another state 3"));
  // Another run began, and did not end.
  EXPECT_FALSE(*IsSealedBy(ToJson(seal), WithParts(4)));
}

TEST_F(SealTest, an_empty_one_is_of_a_table_of_an_older_version_alone) {
  EXPECT_EQ(KindOf(IsSealedBy("", WithParts(1)).status()), ErrorKind::kData);
}

TEST_F(SealTest, what_is_no_seal_is_damage) {
  const std::string whole = ToJson(SealOf(WithParts(1)));
  for (size_t length = 1; length + 1 < whole.size(); ++length) {
    EXPECT_EQ(KindOf(ParseSeal(whole.substr(0, length)).status()), ErrorKind::kData) << length;
  }
  EXPECT_EQ(KindOf(ParseSeal("{}").status()), ErrorKind::kData);
  EXPECT_EQ(KindOf(ParseSeal("[]").status()), ErrorKind::kData);
}

}  // namespace
}  // namespace pomona
