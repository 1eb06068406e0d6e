#include "pomona/table/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hooked_file_system.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kUuid[] = "0f3a2b1c-1111-4222-8333-444455556666";

RunRecord ARun() {
  return {.uuid = kUuid,
          .version = "0.1.0",
          .options = Json{{"source", "file:/data/Apple Braeburn"}, {"precision", "f32"}}};
}

PartRecord APart(int64_t index, int revision = 0, int generation = 0, int64_t rejects = 0) {
  const PartId id{.index = index, .revision = revision};
  PartRecord part{
      .id = id,
      .generation = generation,
      .data = {.name = PartFileName(id, kUuid), .rows = 10 - rejects, .bytes = 4711, .sha256 = "d"},
      .references = {.name = ReferencesFileName(id), .rows = 10, .bytes = 12, .sha256 = "r"},
      .rejects = std::nullopt};
  if (rejects > 0) {
    part.rejects =
        FileRecord{.name = RejectsFileName(id), .rows = rejects, .bytes = 7, .sha256 = "j"};
  }
  return part;
}

std::string Edited(const std::string& pointer, const Json& value) {
  Json json = Json::parse(ToJson(APart(3, 1, 2, 4)));
  json[Json::json_pointer(pointer)] = value;
  return json.dump();
}

TEST(PartRecordJson, GoesRound) {
  const PartRecord part = APart(3, 1, 2, 4);
  const PartRecord back = ParsePartRecord(ToJson(part)).ValueOrDie();
  EXPECT_EQ(back.id.index, 3);
  EXPECT_EQ(back.id.revision, 1);
  EXPECT_EQ(back.generation, 2);
  EXPECT_EQ(back.data.name, part.data.name);
  EXPECT_EQ(back.data.rows, 6);
  EXPECT_EQ(back.data.bytes, 4711);
  EXPECT_EQ(back.data.sha256, "d");
  EXPECT_EQ(back.references.name, part.references.name);
  ASSERT_TRUE(back.rejects.has_value());
  EXPECT_EQ(back.rejects->rows, 4);
  EXPECT_EQ(ToJson(back), ToJson(part));
}

TEST(PartRecordJson, HasNoRejectsWhereThereAreNone) {
  EXPECT_THAT(ToJson(APart(0)), testing::Not(HasSubstr("rejects\"")));
  EXPECT_FALSE(ParsePartRecord(ToJson(APart(0))).ValueOrDie().rejects.has_value());
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
  const std::string whole = ToJson(APart(3, 1, 2, 4));
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
    for (const char* field : {"/index", "/revision", "/generation", "/format", "/data/rows",
                              "/data/bytes", "/references/rows", "/rejects/rows"}) {
      EXPECT_TRUE(ParsePartRecord(Edited(field, value)).status().IsSerializationError())
          << field << value;
    }
  }
  // Wraps to 1 in an int.
  EXPECT_TRUE(ParsePartRecord(Edited("/revision", 4294967297)).status().IsSerializationError());
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
  const RunRecord back = ParseRunRecord(ToJson(ARun())).ValueOrDie();
  EXPECT_EQ(back.uuid, kUuid);
  EXPECT_EQ(back.version, "0.1.0");
  EXPECT_EQ(back.options, ARun().options);
  EXPECT_EQ(ToJson(back), ToJson(ARun()));
}

TEST(RunRecordJson, KeepsTheOrderOfOptions) {
  const std::string text = ToJson(ARun());
  EXPECT_LT(text.find("source"), text.find("precision"));
}

TEST(RunRecordJson, RefusesAUuidThatIsAPath) {
  for (const char* uuid : {"", "../../x", "a b", "0f3a/1111"}) {
    RunRecord run = ARun();
    run.uuid = uuid;
    EXPECT_TRUE(ParseRunRecord(ToJson(run)).status().IsSerializationError()) << uuid;
  }
}

TEST(RunRecordJson, RefusesOptionsThatAreNoObject) {
  RunRecord run = ARun();
  run.options = Json::array({1, 2});
  EXPECT_TRUE(ParseRunRecord(ToJson(run)).status().IsSerializationError());
}

TEST(RunRecordJson, TakesOptionsThatAreNoUtf8) {
  RunRecord run = ARun();
  run.options["glob"] = "caf\xe9*.jpg";
  const RunRecord back = ParseRunRecord(ToJson(run)).ValueOrDie();
  EXPECT_THAT(DifferingOptions(back.options, run.options), IsEmpty());
}

TEST(DifferingOptions, SaysWhatDiffersInOrder) {
  const Json before{{"source", "file:/a"}, {"precision", "f32"}, {"rows_per_file", 8192}};
  const Json now{{"source", "file:/a"}, {"precision", "bf16"}, {"rows_per_file", 100}};
  EXPECT_THAT(DifferingOptions(before, now),
              ElementsAre("precision: f32 in the output, bf16 now",
                          "rows_per_file: 8192 in the output, 100 now"));
}

TEST(DifferingOptions, AnAddedOrRemovedOptionDiffers) {
  const Json before{{"old", 1}, {"null", nullptr}};
  const Json now{{"new", true}, {"null", nullptr}};
  EXPECT_THAT(DifferingOptions(before, now),
              ElementsAre("new: unset in the output, true now", "old: 1 in the output, unset now"));
}

TEST(DifferingOptions, ShowsTextAsItWasGiven) {
  EXPECT_THAT(DifferingOptions(Json{{"label", "a\\d\"é"}}, Json{{"label", "none"}}),
              ElementsAre("label: a\\d\"é in the output, none now"));
}

TEST(DifferingOptions, OfEqualOptionsIsEmpty) {
  EXPECT_THAT(DifferingOptions(ARun().options, ARun().options), IsEmpty());
}

class ManifestTest : public testing::Test {
 protected:
  ManifestTest() : store_(files_, folder_.string(), folder_.string()) {
    EXPECT_TRUE(store_.Prepare().ok());
  }

  Manifest Begun(std::vector<PartRecord> parts) {
    Manifest manifest = Manifest::Begin(store_, ARun()).ValueOrDie();
    for (auto& part : parts) EXPECT_TRUE(manifest.Commit(store_, std::move(part)).ok());
    return manifest;
  }
  std::vector<std::pair<int64_t, int>> Loaded() {
    std::vector<std::pair<int64_t, int>> ids;
    const auto manifest = Manifest::Load(store_).ValueOrDie();
    if (!manifest) return ids;
    for (const auto& part : manifest->parts()) ids.emplace_back(part.id.index, part.id.revision);
    return ids;
  }
  using Id = std::pair<int64_t, int>;

  TempFolder folder_;
  std::shared_ptr<HookedFileSystem> files_ = HookedFileSystem::LocalDisk();
  OutputStore store_;
};

TEST_F(ManifestTest, AnEmptyFolderHasNone) {
  EXPECT_FALSE(Manifest::Load(store_).ValueOrDie().has_value());
}

TEST_F(ManifestTest, LoadsWhatWasCommitted) {
  std::vector<PartRecord> parts;
  for (int64_t i = 0; i < 70; ++i) parts.push_back(APart(i, 0, i < 60 ? 0 : 1));
  Begun(parts);
  const Manifest back = *Manifest::Load(store_).ValueOrDie();
  EXPECT_EQ(back.run().uuid, kUuid);
  ASSERT_EQ(back.parts().size(), 70U);
  for (int64_t i = 0; i < 70; ++i) EXPECT_EQ(back.parts()[static_cast<size_t>(i)].id.index, i);
  EXPECT_EQ(back.last_generation(), 1);
}

TEST_F(ManifestTest, ARewriteReplacesThePartAndTakesItsOldEntryAway) {
  Manifest manifest = Begun({APart(0), APart(1), APart(2)});
  ASSERT_TRUE(manifest.Commit(store_, APart(1, 1)).ok());
  EXPECT_EQ(manifest.parts().size(), 3U);
  EXPECT_EQ(manifest.parts()[1].id.revision, 1);
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0), Id(1, 1), Id(2, 0)));
  EXPECT_FALSE(store_.Exists("_pomona/manifest/part-00001-c000.json").ValueOrDie());
}

TEST_F(ManifestTest, OfTwoRevisionsAKillLeftTheHigherCounts) {
  Begun({APart(0), APart(1)});
  ASSERT_TRUE(store_.Put(PartEntryName({.index = 0, .revision = 1}), ToJson(APart(0, 1))).ok());
  ASSERT_TRUE(store_.Put(PartEntryName({.index = 0, .revision = 2}), ToJson(APart(0, 2))).ok());
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 2), Id(1, 0)));
}

TEST_F(ManifestTest, NoEntryIsEverTakenAwayBeforeItsSuccessorIsThere) {
  Manifest manifest = Begun({APart(0), APart(1)});
  int looks = 0;
  files_->before = [&](const std::string& call, const std::string&) {
    if (call == "move" || call == "delete") {
      ++looks;
      const auto hook = std::exchange(files_->before,
                                      [](const auto&, const auto&) { return arrow::Status::OK(); });
      EXPECT_EQ(Loaded().size(), 2U);
      files_->before = hook;
    }
    return arrow::Status::OK();
  };
  ASSERT_TRUE(manifest.Commit(store_, APart(0, 1)).ok());
  EXPECT_EQ(looks, 2);
}

TEST_F(ManifestTest, AnEntryOfZeroBytesIsNotCommitted) {
  Begun({APart(0)});
  folder_.Write(PartEntryName({.index = 0, .revision = 1}), "");
  folder_.Write(PartEntryName({.index = 1, .revision = 0}), "");
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0)));
}

TEST_F(ManifestTest, ARunRecordOfZeroBytesIsNone) {
  folder_.Write("_pomona/run.json", "");
  EXPECT_FALSE(Manifest::Load(store_).ValueOrDie().has_value());
}

TEST_F(ManifestTest, OtherFilesBesideTheEntriesAreIgnored) {
  Begun({APart(0)});
  folder_.Write("_pomona/manifest/.part-00000-c000.json.crc", "crc");
  folder_.Write("_pomona/manifest/notes.txt", "mine");
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0)));
}

TEST_F(ManifestTest, AMissingEntryInTheMiddleIsDamage) {
  Begun({APart(0), APart(1), APart(2)});
  ASSERT_TRUE(store_.Delete(PartEntryName({.index = 1, .revision = 0})).ok());
  const auto status = Manifest::Load(store_).status();
  EXPECT_TRUE(status.IsSerializationError());
  EXPECT_THAT(status.message(), HasSubstr("part-00001"));
  EXPECT_THAT(status.message(), HasSubstr("missing, though later parts exist"));
}

TEST_F(ManifestTest, AnEntryUnderAnotherPartsNameIsDamage) {
  Begun({APart(0)});
  folder_.Write(PartEntryName({.index = 1, .revision = 0}), ToJson(APart(0)));
  EXPECT_THAT(Manifest::Load(store_).status().message(), HasSubstr("another part's entry"));
}

TEST_F(ManifestTest, ADamagedRunRecordIsSaid) {
  folder_.Write("_pomona/run.json", "{\"format\": 1,");
  const auto status = Manifest::Load(store_).status();
  EXPECT_TRUE(status.IsSerializationError());
  EXPECT_THAT(status.message(), HasSubstr("_pomona/run.json"));
}

TEST_F(ManifestTest, AStoreThatFailsIsNotADamagedManifest) {
  Begun({APart(0)});
  files_->before = [](const std::string& call, const std::string&) {
    return call == "read" ? arrow::Status::IOError("503") : arrow::Status::OK();
  };
  EXPECT_TRUE(Manifest::Load(store_).status().IsIOError());
}

TEST_F(ManifestTest, AFailedCommitIsNotInTheLog) {
  Manifest manifest = Begun({APart(0)});
  files_->before = [](const std::string& call, const std::string&) {
    return call == "write" ? arrow::Status::IOError("no space") : arrow::Status::OK();
  };
  EXPECT_TRUE(manifest.Commit(store_, APart(1)).IsIOError());
  EXPECT_EQ(manifest.parts().size(), 1U);
  files_->before = [](const auto&, const auto&) { return arrow::Status::OK(); };
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0)));
}

}  // namespace
}  // namespace pomona
