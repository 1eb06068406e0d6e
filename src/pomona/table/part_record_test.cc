#include "pomona/table/part_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "pomona/base/json.h"
#include "test_parts.h"

namespace pomona {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Edited(const std::string& pointer, const Json& value) {
  Json json = Json::parse(ToJson(TestPart(3, 1, 2, 4)));
  json[Json::json_pointer(pointer)] = value;
  return json.dump();
}

TEST(PartRecordJson, GoesRound) {
  const PartRecord part = TestPart(3, 1, 2, 4);
  const PartRecord back = ParsePartRecord(ToJson(part)).ValueOrDie();
  EXPECT_EQ(back.id.index, 3);
  EXPECT_EQ(back.id.epoch, 1);
  EXPECT_EQ(back.generation, 2);
  EXPECT_EQ(back.data.name, part.data.name);
  EXPECT_EQ(back.data.rows, 6);
  EXPECT_EQ(back.data.bytes, 4711);
  EXPECT_EQ(back.data.sha256, "d");
  EXPECT_EQ(back.references->name, part.references->name);
  ASSERT_TRUE(back.rejects.has_value());
  EXPECT_EQ(back.rejects->rows, 4);
  EXPECT_EQ(ToJson(back), ToJson(part));
}

TEST(PartRecordJson, HasNoRejectsWhereThereAreNone) {
  EXPECT_THAT(ToJson(TestPart(0)), testing::Not(HasSubstr("rejects\"")));
  EXPECT_FALSE(ParsePartRecord(ToJson(TestPart(0))).ValueOrDie().rejects.has_value());
}

TEST(PartRecordJson, DeepNestingIsDamageAndNoCrash) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "{\"a\":[";
  for (const std::string& text : {deep, "{\"format\":1,\"options\":" + deep}) {
    EXPECT_TRUE(ParsePartRecord(text).status().IsSerializationError());
    EXPECT_TRUE(ParseRunRecord(text).status().IsSerializationError());
  }
}

TEST(PartRecordJson, DamageIsSaid) {
  const std::string whole = ToJson(TestPart(3, 1, 2, 4));
  for (size_t bytes : {size_t{0}, size_t{1}, whole.size() / 2, whole.size() - 3}) {
    const auto status = ParsePartRecord(whole.substr(0, bytes)).status();
    EXPECT_TRUE(status.IsSerializationError()) << bytes;
    EXPECT_THAT(status.message(), HasSubstr("damaged manifest"));
    EXPECT_THAT(status.message(), HasSubstr("hint: option `overwrite`"));
  }
  EXPECT_TRUE(ParsePartRecord("[]").status().IsSerializationError());
  EXPECT_TRUE(ParsePartRecord("{\"format\":1}").status().IsSerializationError());
}

TEST(PartRecordJson, RefusesNamesThatLeadElsewhere) {
  for (const char* name :
       {"", "/etc/passwd", "../part-0.parquet", "part-/../../x.parquet", "sub/part-0.parquet",
        "_SUCCESS", "_pomona/run.json", "_pomona/rejects/part-0.parquet"}) {
    EXPECT_TRUE(ParsePartRecord(Edited("/data/name", name)).status().IsSerializationError())
        << name;
  }
  for (const char* name : {"part-0.parquet", "_pomona/references/../part-0.parquet",
                           "_pomona/references/a/part-0.parquet", "_pomona/references/"}) {
    EXPECT_TRUE(ParsePartRecord(Edited("/references/name", name)).status().IsSerializationError())
        << name;
  }
  EXPECT_TRUE(
      ParsePartRecord(Edited("/rejects/name", "part-0.parquet")).status().IsSerializationError());
  EXPECT_TRUE(ParsePartRecord(Edited("/data/name", std::string("part-\0.parquet", 14)))
                  .status()
                  .IsSerializationError());
}

TEST(PartRecordJson, RefusesWhatIsNoCount) {
  for (const Json& value :
       {Json(-1), Json(1.5), Json("1"), Json(nullptr), Json(1e30), Json(18446744073709551615ULL)}) {
    for (const char* field : {"/index", "/epoch", "/generation", "/data/rows", "/data/bytes",
                              "/references/rows", "/rejects/rows"}) {
      EXPECT_TRUE(ParsePartRecord(Edited(field, value)).status().IsSerializationError())
          << field << value;
    }
  }
  // Wraps to 1 in an int.
  EXPECT_TRUE(ParsePartRecord(Edited("/epoch", 4294967297)).status().IsSerializationError());
}

TEST(PartRecordJson, RefusesAnotherFormat) {
  EXPECT_THAT(ParsePartRecord(Edited("/format", 2)).status().message(),
              HasSubstr("unknown format 2"));
}

TEST(PartRecordJson, RowsAndRejectsMustBeTheReferences) {
  EXPECT_TRUE(ParsePartRecord(Edited("/data/rows", 7)).status().IsSerializationError());
  // Their sum overflows.
  EXPECT_TRUE(ParsePartRecord(Edited("/data/rows", INT64_MAX)).status().IsSerializationError());
}

TEST(RunRecordJson, GoesRound) {
  const RunRecord back = ParseRunRecord(ToJson(TestRun())).ValueOrDie();
  EXPECT_EQ(back.uuid, kTestUuid);
  EXPECT_EQ(back.version, "0.1.0");
  EXPECT_EQ(back.options, TestRun().options);
  EXPECT_EQ(ToJson(back), ToJson(TestRun()));
}

TEST(RunRecordJson, KeepsTheOrderOfOptions) {
  const std::string text = ToJson(TestRun());
  EXPECT_LT(text.find("source"), text.find("precision"));
}

TEST(RunRecordJson, RefusesAUuidThatIsAPath) {
  for (const char* uuid : {"", "../../x", "a b", "0f3a/1111"}) {
    RunRecord run = TestRun();
    run.uuid = uuid;
    EXPECT_TRUE(ParseRunRecord(ToJson(run)).status().IsSerializationError()) << uuid;
  }
}

TEST(RunRecordJson, RefusesOptionsThatAreNoObject) {
  RunRecord run = TestRun();
  run.options = "[1,2]";
  EXPECT_TRUE(ParseRunRecord(ToJson(run)).status().IsSerializationError());
}

TEST(DifferingOptions, SaysWhatDiffersInOrder) {
  const char* before = R"({"source":"file:/a","precision":"f32","rows_per_file":8192})";
  const char* now = R"({"source":"file:/a","precision":"bf16","rows_per_file":100})";
  EXPECT_THAT(DifferingOptions(before, now),
              ElementsAre("precision: f32 in the output, bf16 now",
                          "rows_per_file: 8192 in the output, 100 now"));
}

TEST(DifferingOptions, AnAddedOrRemovedOptionDiffers) {
  const char* before = R"({"old":1,"null":null})";
  const char* now = R"({"new":true,"null":null})";
  EXPECT_THAT(DifferingOptions(before, now),
              ElementsAre("new: unset in the output, true now", "old: 1 in the output, unset now"));
}

TEST(DifferingOptions, ShowsTextAsItWasGiven) {
  EXPECT_THAT(DifferingOptions(R"({"label":"a\\d\"é"})", R"({"label":"none"})"),
              ElementsAre("label: a\\d\"é in the output, none now"));
}

TEST(DifferingOptions, OfEqualOptionsIsEmpty) {
  EXPECT_THAT(DifferingOptions(TestRun().options, TestRun().options), IsEmpty());
}

TEST(PartRecordJson, MayHaveNoReferencesAndThenNoRejects) {
  PartRecord part = TestPart(3);
  part.references.reset();
  EXPECT_FALSE(ParsePartRecord(ToJson(part)).ValueOrDie().references.has_value());
  part.rejects = FileRecord{.name = RejectsFileName(part.id), .rows = 1, .bytes = 1, .sha256 = "j"};
  EXPECT_TRUE(ParsePartRecord(ToJson(part)).status().IsSerializationError());
}

TEST(RunRecordJson, KeepsTheFilesBesideTheParts) {
  RunRecord run = TestRun();
  run.files = {{.name = kPcaModelFile, .rows = 3, .bytes = 99, .sha256 = "m"}};
  const RunRecord back = ParseRunRecord(ToJson(run)).ValueOrDie();
  ASSERT_EQ(back.files.size(), 1U);
  EXPECT_EQ(back.files[0].sha256, "m");
  run.files[0].name = "_pomona/../elsewhere.parquet";
  EXPECT_TRUE(ParseRunRecord(ToJson(run)).status().IsSerializationError());
}

}  // namespace
}  // namespace pomona
