#include "pomona/table/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hooked_file_system.h"
#include "pomona/base/sha256.h"
#include "pomona/table/layout.h"
#include "temp_folder.h"
#include "test_parts.h"

namespace pomona {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string State(int64_t number) { return StateFileName(number); }

class ManifestTest : public testing::Test {
 protected:
  ManifestTest() { EXPECT_TRUE(store_.Prepare().ok()); }

  /// Its state 0 is the opening one.
  Manifest Begun(std::vector<PartRecord> parts) {
    Manifest manifest = Manifest::New(store_, TestRun()).ValueOrDie();
    EXPECT_TRUE(manifest.Open(store_, 0).ok());
    for (auto& part : parts) EXPECT_TRUE(manifest.Commit(store_, std::move(part)).ok());
    return manifest;
  }
  Manifest Load() { return *Manifest::Load(store_).ValueOrDie(); }
  std::vector<std::pair<int64_t, int>> Loaded() {
    std::vector<std::pair<int64_t, int>> ids;
    const auto manifest = Manifest::Load(store_).ValueOrDie();
    if (!manifest) return ids;
    for (const auto& part : manifest->parts()) ids.emplace_back(part.id.index, part.id.epoch);
    return ids;
  }
  /// What the manifest is said to be damaged by.
  std::string Damage() {
    const auto status = Manifest::Load(store_).status();
    EXPECT_TRUE(status.IsSerializationError()) << status;
    return status.message();
  }
  using Id = std::pair<int64_t, int>;

  TempFolder folder_;
  // A store that moves and removes through its client, so that each call can be looked at.
  std::shared_ptr<HookedFileSystem> files_ =
      std::make_shared<HookedFileSystem>(std::make_shared<arrow::fs::LocalFileSystem>(), "hdfs");
  const std::shared_ptr<OutputStore> owned_store_ =
      OutputStore::Make(files_, folder_.string(), folder_.string());
  OutputStore& store_ = *owned_store_;
};

TEST_F(ManifestTest, AnEmptyFolderHasNone) {
  EXPECT_FALSE(Manifest::Load(store_).ValueOrDie().has_value());
}

TEST_F(ManifestTest, LoadsWhatWasCommitted) {
  std::vector<PartRecord> parts;
  for (int64_t i = 0; i < 70; ++i) parts.push_back(TestPart(i, 0, i < 60 ? 0 : 1));
  const Manifest made = Begun(parts);
  const Manifest back = Load();
  EXPECT_EQ(back.run().uuid, kTestUuid);
  ASSERT_EQ(back.parts().size(), 70U);
  for (int64_t i = 0; i < 70; ++i) EXPECT_EQ(back.parts()[static_cast<size_t>(i)].id.index, i);
  EXPECT_EQ(back.last_generation(), 1);
  EXPECT_EQ(back.number(), 70);
  EXPECT_EQ(back.root(), made.root());
  EXPECT_EQ(back.totals(), made.totals());
  EXPECT_EQ(back.totals().rows, 700);
}

TEST_F(ManifestTest, ARewriteReplacesThePart) {
  Manifest manifest = Begun({TestPart(0), TestPart(1), TestPart(2)});
  ASSERT_TRUE(manifest.Commit(store_, TestPart(1, 1)).ok());
  EXPECT_EQ(manifest.parts()[1].id.epoch, 1);
  EXPECT_EQ(manifest.totals().parts, 3);
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0), Id(1, 1), Id(2, 0)));
}

TEST_F(ManifestTest, EachThousandAndTwentyFourthStateIsABase) {
  std::vector<PartRecord> parts;
  for (int64_t i = 0; i < 2500; ++i) parts.push_back(TestPart(i));
  Manifest made = Begun(parts);
  ASSERT_TRUE(made.Commit(store_, TestPart(7, 1)).ok());
  // What is before the newest base is gone.
  const auto files = store_.List(kStatesFolder).ValueOrDie();
  EXPECT_THAT(files, SizeIs(2 + 2502 - 2048));
  EXPECT_TRUE(store_.Exists(State(2048)).ValueOrDie());
  const Manifest back = Load();
  EXPECT_EQ(back.root(), made.root());
  EXPECT_THAT(back.parts(), SizeIs(2500));
  EXPECT_EQ(back.parts()[7].id.epoch, 1);
  EXPECT_EQ(back.parts()[2499].id.epoch, 0);
  // Two segments were there at state 2,048, of which the second was new.
  EXPECT_TRUE(back.Uses(SegmentFileName(1, 2048, 0)));
  EXPECT_FALSE(back.Uses(SegmentFileName(0, 1024, 0)));
  EXPECT_FALSE(back.Uses(SegmentFileName(1, 1024, 0)));
}

TEST_F(ManifestTest, ADamagedSegmentIsSaid) {
  std::vector<PartRecord> parts;
  for (int64_t i = 0; i < 1030; ++i) parts.push_back(TestPart(i));
  Begun(parts);
  const std::string name = SegmentFileName(0, 1024, 0);
  std::string text = store_.Get(name).ValueOrDie();
  text[100] ^= 1;
  ASSERT_TRUE(store_.Put(name, text).ok());
  EXPECT_THAT(Damage(), HasSubstr(name));
}

TEST_F(ManifestTest, OfTwoThatCommitOneFails) {
  Manifest mine = Begun({TestPart(0)});
  Manifest theirs = Load();
  ASSERT_TRUE(theirs.Open(store_, 1).ok());
  const auto late = mine.Commit(store_, TestPart(1));
  EXPECT_TRUE(late.IsIOError());
  EXPECT_THAT(late.message(), HasSubstr("another run took over"));
  EXPECT_EQ(mine.parts().size(), 1U);
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0)));
  EXPECT_FALSE(mine.IsNewest(store_).ValueOrDie());
  EXPECT_TRUE(theirs.IsNewest(store_).ValueOrDie());
}

TEST_F(ManifestTest, AnAnswerThatWasLostIsFoundOut) {
  Manifest manifest = Begun({TestPart(0)});
  files_->before = [&](const std::string& call, const std::string& path) {
    if (call != "move" || !path.ends_with(State(2))) return arrow::Status::OK();
    files_->before = [](const auto&, const auto&) { return arrow::Status::OK(); };
    const std::string staging = store_.List("_pomona/staging").ok() ? folder_.string() : "";
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(staging + "/_pomona/staging")) {
      if (entry.is_regular_file()) std::filesystem::rename(entry.path(), path);
    }
    return arrow::Status::IOError("the connection broke");
  };
  EXPECT_TRUE(manifest.Commit(store_, TestPart(1)).ok());
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0), Id(1, 0)));
}

TEST_F(ManifestTest, ANewTableComesBehindTheStatesThatAreThere) {
  Begun({TestPart(0), TestPart(1)});
  RunRecord other = TestRun();
  other.options = "{}";
  Manifest anew = Manifest::New(store_, other).ValueOrDie();
  ASSERT_TRUE(anew.Open(store_, 1).ok());
  const Manifest back = Load();
  EXPECT_EQ(back.number(), 3);
  EXPECT_EQ(back.run().options, "{}");
  EXPECT_THAT(back.parts(), SizeIs(0));
  EXPECT_FALSE(back.Uses(State(2)));
  EXPECT_TRUE(back.Uses(State(3)));
}

TEST_F(ManifestTest, AStateOfZeroBytesIsNotCommitted) {
  Begun({TestPart(0)});
  folder_.Write(State(2), "");
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0)));
}

TEST_F(ManifestTest, OtherFilesBesideTheStatesAreIgnored) {
  Begun({TestPart(0)});
  folder_.Write("_pomona/states/.00000001.jsonl.crc", "crc");
  folder_.Write("_pomona/states/notes.txt", "mine");
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0)));
}

TEST_F(ManifestTest, AMissingStateInTheMiddleIsDamage) {
  Begun({TestPart(0), TestPart(1), TestPart(2)});
  ASSERT_TRUE(store_.Delete(State(1)).ok());
  EXPECT_THAT(Damage(), HasSubstr(State(1) + ": missing, though later states exist"));
}

TEST_F(ManifestTest, AStateUnderAnotherNumberIsDamage) {
  Begun({TestPart(0)});
  folder_.Write(State(2), store_.Get(State(1)).ValueOrDie());
  EXPECT_THAT(Damage(), HasSubstr("holds another state"));
}

TEST_F(ManifestTest, EveryBitOfTheStatesCounts) {
  const Manifest made = Begun({TestPart(0), TestPart(1)});
  for (int64_t number = 0; number <= 2; ++number) {
    const std::string whole = store_.Get(State(number)).ValueOrDie();
    for (size_t at = 0; at < whole.size(); ++at) {
      std::string text = whole;
      text[at] ^= 1;
      folder_.Write(State(number), text);
      const auto loaded = Manifest::Load(store_);
      // Of the newest state nothing is known but what `_SUCCESS` says: its hash.
      EXPECT_TRUE(!loaded.ok() || (number == 2 && (*loaded)->root() != made.root()))
          << number << " " << at;
      folder_.Write(State(number), whole.substr(0, at));
      const auto cut = Manifest::Load(store_);
      EXPECT_TRUE(!cut.ok() || (number == 2 && at == 0)) << number << " " << at;
    }
    folder_.Write(State(number), whole);
  }
}

TEST_F(ManifestTest, ANewerFormatIsRefused) {
  Begun({});
  folder_.Write(State(0), "{\"format\":3}\n");
  const auto status = Manifest::Load(store_).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), HasSubstr("format 3"));
}

TEST_F(ManifestTest, AStoreThatFailsIsNotADamagedManifest) {
  Begun({TestPart(0)});
  files_->before = [](const std::string& call, const std::string&) {
    return call == "read" ? arrow::Status::IOError("503") : arrow::Status::OK();
  };
  EXPECT_TRUE(Manifest::Load(store_).status().IsIOError());
}

TEST_F(ManifestTest, AFailedCommitIsNotInTheLog) {
  Manifest manifest = Begun({TestPart(0)});
  files_->before = [](const std::string& call, const std::string&) {
    return call == "write" ? arrow::Status::IOError("no space") : arrow::Status::OK();
  };
  EXPECT_TRUE(manifest.Commit(store_, TestPart(1)).IsIOError());
  EXPECT_EQ(manifest.parts().size(), 1U);
  files_->before = [](const auto&, const auto&) { return arrow::Status::OK(); };
  EXPECT_THAT(Loaded(), ElementsAre(Id(0, 0)));
}

}  // namespace
}  // namespace pomona
