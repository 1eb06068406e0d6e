#include "pomona/table/first_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hooked_file_system.h"
#include "pomona/base/json.h"
#include "pomona/table/manifest.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kUuid[] = "0f3a2b1c-1111-4222-8333-444455556666";
constexpr char kRun[] =
    R"({"format":1,"uuid":"0f3a2b1c-1111-4222-8333-444455556666","pomona":"0.1.0","options":{"a":1}})";

/// An entry as 0.1.0 wrote it.
std::string Entry(int64_t index, int revision, int generation = 0) {
  const PartId id{.index = index, .epoch = revision};
  const auto file = [](const std::string& name) {
    return Json{{"name", name}, {"rows", 10}, {"bytes", 12}, {"sha256", "r"}};
  };
  return JsonDocument({{"format", 1},
                       {"index", index},
                       {"revision", revision},
                       {"generation", generation},
                       {"data", file(PartFileName(id, kUuid))},
                       {"references", file(ReferencesFileName(id))}});
}

class FirstFormatTest : public testing::Test {
 protected:
  FirstFormatTest() { EXPECT_TRUE(store_.Prepare().ok()); }

  void Write(const std::vector<std::pair<int64_t, int>>& parts) {
    folder_.Write("_pomona/run.json", kRun);
    for (const auto& [index, revision] : parts) {
      folder_.Write(PartEntryName({.index = index, .epoch = revision}), Entry(index, revision));
    }
  }
  std::vector<std::pair<int64_t, int>> Loaded() {
    std::vector<std::pair<int64_t, int>> ids;
    const auto table = LoadFirstFormat(store_).ValueOrDie();
    if (!table) return ids;
    for (const auto& part : table->parts) ids.emplace_back(part.id.index, part.id.epoch);
    return ids;
  }
  using Id = std::pair<int64_t, int>;

  TempFolder folder_;
  std::shared_ptr<HookedFileSystem> files_ = HookedFileSystem::LocalDisk();
  const std::shared_ptr<OutputStore> owned_store_ =
      OutputStore::Make(files_, folder_.string(), folder_.string());
  OutputStore& store_ = *owned_store_;
};

TEST_F(FirstFormatTest, OfTwoRevisionsAKillLeftTheHigherCounts) {
  Write({{0, 0}, {0, 1}, {0, 2}, {1, 0}});
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 2), Id(1, 0)));
}

TEST_F(FirstFormatTest, AnEntryOfZeroBytesIsNotCommitted) {
  Write({{0, 0}});
  folder_.Write(PartEntryName({.index = 0, .epoch = 1}), "");
  folder_.Write(PartEntryName({.index = 1, .epoch = 0}), "");
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0)));
}

TEST_F(FirstFormatTest, ARunRecordOfZeroBytesIsNone) {
  folder_.Write("_pomona/run.json", "");
  EXPECT_FALSE(LoadFirstFormat(store_).ValueOrDie().has_value());
}

TEST_F(FirstFormatTest, OtherFilesBesideTheEntriesAreIgnored) {
  Write({{0, 0}});
  folder_.Write("_pomona/manifest/.part-00000-c000.json.crc", "crc");
  folder_.Write("_pomona/manifest/notes.txt", "mine");
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0)));
}

TEST_F(FirstFormatTest, AMissingEntryInTheMiddleIsDamage) {
  Write({{0, 0}, {2, 0}});
  const auto status = LoadFirstFormat(store_).status();
  EXPECT_TRUE(status.IsSerializationError());
  EXPECT_THAT(status.message(), HasSubstr("part-00001"));
  EXPECT_THAT(status.message(), HasSubstr("missing, though later parts exist"));
}

TEST_F(FirstFormatTest, AnEntryUnderAnotherPartsNameIsDamage) {
  Write({{0, 0}});
  folder_.Write(PartEntryName({.index = 1, .epoch = 0}), Entry(0, 0));
  EXPECT_THAT(LoadFirstFormat(store_).status().message(), HasSubstr("another part's entry"));
}

TEST_F(FirstFormatTest, ADamagedRunRecordIsSaid) {
  folder_.Write("_pomona/run.json", "{\"format\": 1,");
  EXPECT_TRUE(LoadFirstFormat(store_).status().IsSerializationError());
}

TEST_F(FirstFormatTest, AStoreThatFailsIsNotADamagedManifest) {
  Write({{0, 0}});
  files_->before = [](const std::string& call, const std::string&) {
    return call == "read" ? arrow::Status::IOError("503") : arrow::Status::OK();
  };
  EXPECT_TRUE(LoadFirstFormat(store_).status().IsIOError());
}

TEST_F(FirstFormatTest, TheNextRunWritesItsStates) {
  Write({{0, 3}, {1, 0}});
  Manifest manifest = *Manifest::Load(store_).ValueOrDie();
  EXPECT_EQ(manifest.number(), -1);
  EXPECT_EQ(manifest.epoch(), 3);  // so that no name of a file comes again
  ASSERT_TRUE(manifest.Open(store_, 4).ok());
  const Manifest back = *Manifest::Load(store_).ValueOrDie();
  EXPECT_EQ(back.number(), 0);
  EXPECT_EQ(back.parts().size(), 2U);
  EXPECT_EQ(back.parts()[0].id.epoch, 3);
  EXPECT_EQ(back.run().options, R"({"a":1})");
}

}  // namespace
}  // namespace pomona
