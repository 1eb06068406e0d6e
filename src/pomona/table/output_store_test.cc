#include "pomona/table/output_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "hooked_file_system.h"
#include "pomona/table/layout.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

enum class Kind { kLocal, kHdfsLike, kObjects };

std::string NameOf(const testing::TestParamInfo<Kind>& info) {
  return info.param == Kind::kLocal ? "Local" : info.param == Kind::kObjects ? "Objects" : "Hdfs";
}

/// The same promises on a local disk, where rename replaces; on a store that renames but
/// does not replace; and on one where files appear when their upload ends.
class OutputStoreTest : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    switch (GetParam()) {
      case Kind::kLocal:
        files_ = HookedFileSystem::LocalDisk();
        break;
      case Kind::kHdfsLike:
        files_ = std::make_shared<HookedFileSystem>(std::make_shared<arrow::fs::LocalFileSystem>(),
                                                    "hdfs");
        break;
      case Kind::kObjects:
        files_ = HookedFileSystem::ObjectStore();
        break;
    }
    const std::string path =
        GetParam() == Kind::kObjects ? "bucket/out" : folder_.string() + "/out";
    store_ = OutputStore::Make(files_, path, "the-output");
    ASSERT_TRUE(store_->Prepare().ok());
  }

  std::vector<std::string> Names(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : store_->List(folder).ValueOrDie()) names.push_back(entry.name);
    return names;
  }

  /// Fails the `nth` call of this kind, from 1.
  void FailCall(const std::string& which, int nth) {
    files_->before = [which, nth, seen = std::make_shared<int>(0)](const std::string& call,
                                                                   const std::string&) {
      return call == which && ++*seen == nth ? arrow::Status::IOError("no space left on device")
                                             : arrow::Status::OK();
    };
  }

  TempFolder folder_;
  std::shared_ptr<HookedFileSystem> files_;
  std::shared_ptr<OutputStore> store_;
};

INSTANTIATE_TEST_SUITE_P(, OutputStoreTest,
                         testing::Values(Kind::kLocal, Kind::kHdfsLike, Kind::kObjects), NameOf);

TEST_P(OutputStoreTest, GivesBackWhatWasPut) {
  const std::string bytes("a\0b\n\xff", 5);
  ASSERT_TRUE(store_->Put("_pomona/run.json", bytes).ok());
  EXPECT_EQ(store_->Get("_pomona/run.json").ValueOrDie(), bytes);
  EXPECT_TRUE(store_->Exists("_pomona/run.json").ValueOrDie());
}

TEST_P(OutputStoreTest, TakesAnEmptyFile) {
  ASSERT_TRUE(store_->Put("_SUCCESS", "").ok());
  EXPECT_TRUE(store_->Exists("_SUCCESS").ValueOrDie());
  EXPECT_EQ(store_->Get("_SUCCESS").ValueOrDie(), "");
}

TEST_P(OutputStoreTest, ReplacesAFile) {
  ASSERT_TRUE(store_->Put("_pomona/report.json", "old and longer").ok());
  ASSERT_TRUE(store_->Put("_pomona/report.json", "new").ok());
  EXPECT_EQ(store_->Get("_pomona/report.json").ValueOrDie(), "new");
  EXPECT_THAT(Names("_pomona/staging"), IsEmpty());
}

TEST_P(OutputStoreTest, ShowsNothingBeforeCommit) {
  auto file = store_->Create("part-0.parquet").ValueOrDie();
  ASSERT_TRUE(file->stream()->Write("half").ok());
  EXPECT_FALSE(store_->Exists("part-0.parquet").ValueOrDie());
  EXPECT_THAT(Names(""), IsEmpty());
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_THAT(Names(""), ElementsAre("part-0.parquet"));
}

TEST_P(OutputStoreTest, AnAbandonedFileLeavesNothing) {
  {
    auto file = store_->Create("part-0.parquet").ValueOrDie();
    ASSERT_TRUE(file->stream()->Write("half").ok());
  }
  EXPECT_THAT(Names(""), IsEmpty());
  EXPECT_THAT(Names("_pomona/staging"), IsEmpty());
}

TEST_P(OutputStoreTest, AnAbandonedFileLeavesTheOneThatItWouldReplace) {
  ASSERT_TRUE(store_->Put("part-0.parquet", "whole").ok());
  { ASSERT_TRUE(store_->Create("part-0.parquet").ValueOrDie()->stream()->Write("half").ok()); }
  EXPECT_EQ(store_->Get("part-0.parquet").ValueOrDie(), "whole");
}

TEST_P(OutputStoreTest, AFailedWriteLeavesNothing) {
  FailCall("write", 3);
  auto file = store_->Create("part-0.parquet").ValueOrDie();
  ASSERT_TRUE(file->stream()->Write("1").ok());
  ASSERT_TRUE(file->stream()->Write("2").ok());
  EXPECT_TRUE(file->stream()->Write("3").IsIOError());
  file.reset();
  EXPECT_THAT(Names(""), IsEmpty());
  EXPECT_THAT(Names("_pomona/staging"), IsEmpty());
}

TEST_P(OutputStoreTest, AFailedCloseIsAFailedPut) {
  FailCall("close", 1);
  EXPECT_THAT(store_->Put("_pomona/run.json", "{}").message(), HasSubstr("no space left"));
  EXPECT_THAT(Names("_pomona"), IsEmpty());
}

TEST_P(OutputStoreTest, AMissingFileIsAKeyError) {
  EXPECT_TRUE(store_->Get("_pomona/run.json").status().IsKeyError());
  EXPECT_FALSE(store_->Exists("_pomona/run.json").ValueOrDie());
}

TEST_P(OutputStoreTest, AFileThatGoesBetweenLookAndReadIsAKeyError) {
  ASSERT_TRUE(store_->Put("claim.json", "{}").ok());
  files_->before = [this](const std::string& call, const std::string&) {
    if (call != "read") return arrow::Status::OK();
    files_->before = [](const auto&, const auto&) { return arrow::Status::OK(); };
    return store_->Delete("claim.json");
  };
  EXPECT_TRUE(store_->Get("claim.json").status().IsKeyError());
}

TEST_P(OutputStoreTest, AFileThatCannotBeReadIsNotMissing) {
  ASSERT_TRUE(store_->Put("claim.json", "{}").ok());
  FailCall("read", 1);
  EXPECT_TRUE(store_->Get("claim.json").status().IsIOError());
}

TEST_P(OutputStoreTest, DeletesOnceAndAgain) {
  ASSERT_TRUE(store_->Put("_SUCCESS", "").ok());
  EXPECT_TRUE(store_->Delete("_SUCCESS").ok());
  EXPECT_FALSE(store_->Exists("_SUCCESS").ValueOrDie());
  EXPECT_TRUE(store_->Delete("_SUCCESS").ok());
}

TEST_P(OutputStoreTest, DeletingWhatAnotherDeletesIsFine) {
  ASSERT_TRUE(store_->Put("claim.json", "{}").ok());
  files_->before = [this](const std::string& call, const std::string&) {
    if (call != "delete") return arrow::Status::OK();
    files_->before = [](const auto&, const auto&) { return arrow::Status::OK(); };
    return store_->Delete("claim.json");
  };
  EXPECT_TRUE(store_->Delete("claim.json").ok());
}

TEST_P(OutputStoreTest, ListsFilesOfOneFolderByName) {
  for (const char* name : {"b.json", "a.json", "deeper/c.json"}) {
    ASSERT_TRUE(
        files_
            ->CreateDir((GetParam() == Kind::kObjects ? "bucket/out" : folder_.string() + "/out") +
                            "/_pomona/manifest/deeper",
                        true)
            .ok());
    ASSERT_TRUE(store_->Put(std::string("_pomona/manifest/") + name, "12345").ok());
  }
  EXPECT_THAT(Names("_pomona/manifest"),
              ElementsAre("_pomona/manifest/a.json", "_pomona/manifest/b.json"));
  EXPECT_EQ(store_->List("_pomona/manifest").ValueOrDie()[0].size, 5);
}

TEST_P(OutputStoreTest, AMissingFolderIsAnEmptyOne) {
  EXPECT_THAT(Names("_pomona/nothing"), IsEmpty());
}

TEST_P(OutputStoreTest, AListThatFailsIsAnError) {
  FailCall("list", 1);
  EXPECT_TRUE(store_->List("").status().IsIOError());
}

TEST_P(OutputStoreTest, TakesNamesWithOddCharacters) {
  const std::string name = "part-Apple Braeburn %2F #?\xc3\xa9\n'\".parquet";
  ASSERT_TRUE(store_->Put(name, "x").ok());
  EXPECT_THAT(Names(""), ElementsAre(name));
  EXPECT_EQ(store_->Get(name).ValueOrDie(), "x");
}

TEST_P(OutputStoreTest, ASlashAtTheEndOfThePathIsNoFolderMore) {
  const auto other_owned = OutputStore::Make(
      files_, (GetParam() == Kind::kObjects ? "bucket/out" : folder_.string() + "/out") + "/",
      "the-output/");
  OutputStore& other = *other_owned;
  ASSERT_TRUE(other.Prepare().ok());
  ASSERT_TRUE(other.Put("_SUCCESS", "").ok());
  EXPECT_THAT(Names(""), ElementsAre("_SUCCESS"));
}

TEST(OutputStoreOnDisk, SurvivesACrashBetweenWriteAndRename) {
  TempFolder folder;
  auto files = HookedFileSystem::LocalDisk();
  const auto store_owned = OutputStore::Make(files, folder.string(), folder.string());
  OutputStore& store = *store_owned;
  ASSERT_TRUE(store.Prepare().ok());
  folder.Write("_pomona/staging/_pomona+run.json", "{ hal");
  ASSERT_TRUE(store.Put("_pomona/run.json", "{}").ok());
  EXPECT_EQ(store.Get("_pomona/run.json").ValueOrDie(), "{}");
}

/// Two writers, of which one slept while the other took over.
TEST_P(OutputStoreTest, AWriterThatIsFencedChangesNothingAnyMore) {
  if (GetParam() == Kind::kObjects) GTEST_SKIP() << "object stores have no fence";
  ASSERT_TRUE(store_->Put("_pomona/run.json", "mine").ok());
  auto half = store_->Create("part-0.parquet").ValueOrDie();
  ASSERT_TRUE(half->stream()->Write("half").ok());
  auto whole = store_->Create("part-1.parquet").ValueOrDie();
  ASSERT_TRUE(whole->stream()->Write("whole").ok());
  ASSERT_TRUE(whole->stream()->Close().ok());

  const auto other_owned = OutputStore::Make(files_, folder_.string() + "/out", "the-output");

  OutputStore& other = *other_owned;
  ASSERT_TRUE(other.Prepare().ok());
  EXPECT_TRUE(other.FenceOthers(true).ok());
  ASSERT_TRUE(other.Put("_pomona/run.json", "theirs").ok());
  ASSERT_TRUE(other.Put("part-2.parquet", "theirs").ok());

  for (const auto& status :
       {half->Commit(), whole->Commit(), store_->Put("_SUCCESS", ""),
        store_->Put("_pomona/run.json", "mine"), store_->Delete("part-2.parquet"),
        store_->Delete("_pomona/run.json"), whole->Reopen().status()}) {
    EXPECT_TRUE(status.IsIOError()) << status;
    EXPECT_THAT(status.message(), HasSubstr("another run took over the-output"));
  }
  half.reset();
  whole.reset();
  EXPECT_THAT(Names(""), ElementsAre("part-2.parquet"));
  EXPECT_EQ(other.Get("_pomona/run.json").ValueOrDie(), "theirs");
  other.Leave();
  EXPECT_TRUE(other.Put("_SUCCESS", "").IsIOError());
}

/// The second dies after it took the folder of the first away, and before it put an empty file
/// there.
TEST_P(OutputStoreTest, AFenceThatIsNeverFinishedIsFinishedByTheNext) {
  if (GetParam() != Kind::kHdfsLike) GTEST_SKIP() << "nothing makes the folder again";
  const std::string path = folder_.string() + "/out";
  const auto second = OutputStore::Make(files_, path, "the-output");
  ASSERT_TRUE(second->Prepare().ok());
  bool dead = false;
  files_->before = [&](const std::string& call, const std::string& at) {
    const auto base = at.substr(at.rfind('/') + 1);
    dead = dead || (call == "open" && IsUuid(base));
    return dead ? arrow::Status::IOError("gone") : arrow::Status::OK();
  };
  EXPECT_FALSE(second->FenceOthers(true).ok());
  files_->before = [](const std::string&, const std::string&) { return arrow::Status::OK(); };
  const auto third = OutputStore::Make(files_, path, "the-output");
  ASSERT_TRUE(third->Prepare().ok());
  EXPECT_TRUE(third->FenceOthers(true).ok());
  EXPECT_THAT(Names("_pomona/staging"), testing::SizeIs(2));
  EXPECT_FALSE(store_->Put("part-0.parquet", "late").ok());
}

TEST_P(OutputStoreTest, AFenceIsOnlyForOthers) {
  EXPECT_TRUE(store_->FenceOthers(true).ok());
  EXPECT_TRUE(store_->Put("_SUCCESS", "").ok());
  EXPECT_TRUE(store_->FenceOthers(true).ok());
  EXPECT_TRUE(store_->Delete("_SUCCESS").ok());
}

TEST(OutputStoreOnDisk, AFenceRemovesWhatOlderVersionsLeftHalfWritten) {
  TempFolder folder;
  const auto store_owned =
      OutputStore::Make(HookedFileSystem::LocalDisk(), folder.string(), folder.string());
  OutputStore& store = *store_owned;
  ASSERT_TRUE(store.Prepare().ok());
  const std::string left = folder.Write(
      "_pomona/staging/part-00000-0f3a2b1c-1111-4222-8333-444455556666-c000.snappy.parquet",
      "half");
  const std::string kept = folder.Write("part-1.parquet", "whole");
  const std::string theirs = folder.Write("_pomona/staging/notes.txt", "not ours");
  EXPECT_TRUE(store.FenceOthers(true).ok());
  EXPECT_FALSE(std::filesystem::exists(left));
  EXPECT_TRUE(std::filesystem::exists(kept));
  EXPECT_TRUE(std::filesystem::exists(theirs));
}

TEST(OutputStoreOnDisk, PrepareSaysThatItCannotWrite) {
  TempFolder folder;
  const std::string file = folder.Write("a file", "x");
  const auto store_owned = OutputStore::Make(HookedFileSystem::LocalDisk(), file, file);
  OutputStore& store = *store_owned;
  const auto status = store.Prepare();
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), HasSubstr("cannot write to the output " + file));
}

TEST(OutputStoreOnDisk, ReopenShowsWhatWasWrittenBeforeCommit) {
  TempFolder folder;
  const auto store_owned =
      OutputStore::Make(HookedFileSystem::LocalDisk(), folder.string(), folder.string());
  OutputStore& store = *store_owned;
  ASSERT_TRUE(store.Prepare().ok());
  auto file = store.Create("part-0.parquet").ValueOrDie();
  ASSERT_TRUE(file->stream()->Write("whole").ok());
  auto reopened = file->Reopen().ValueOrDie();
  ASSERT_NE(reopened, nullptr);
  EXPECT_EQ(reopened->ReadAt(0, 100).ValueOrDie()->ToString(), "whole");
  EXPECT_FALSE(store.Exists("part-0.parquet").ValueOrDie());
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_TRUE(store.Exists("part-0.parquet").ValueOrDie());
}

TEST(OutputStoreOnDisk, AFailedRenameLeavesNothing) {
  TempFolder folder;
  auto files = HookedFileSystem::LocalDisk();
  const auto store_owned = OutputStore::Make(files, folder.string(), folder.string());
  OutputStore& store = *store_owned;
  ASSERT_TRUE(store.Prepare().ok());
  files->before = [](const std::string& call, const std::string&) {
    return call == "move" ? arrow::Status::IOError("read-only") : arrow::Status::OK();
  };
  EXPECT_TRUE(store.Put("part-0.parquet", "x").IsIOError());
  EXPECT_THAT(store.List("").ValueOrDie(), IsEmpty());
  EXPECT_THAT(store.List("_pomona/staging").ValueOrDie(), IsEmpty());
}

TEST(OutputStoreOnObjects, ReopenHasNothingToShow) {
  const auto store_owned =
      OutputStore::Make(HookedFileSystem::ObjectStore(), "bucket/out", "s3a://bucket/out");
  OutputStore& store = *store_owned;
  auto file = store.Create("part-0.parquet").ValueOrDie();
  EXPECT_EQ(file->Reopen().ValueOrDie(), nullptr);
}

}  // namespace
}  // namespace pomona
