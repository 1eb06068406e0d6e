#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "whole_table.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;

constexpr char kOtherUuid[] = "0f3a2b1c-1111-4222-8333-444455556666";

/// What lies in a table and is not its own, and tables whose files are links to what lies
/// elsewhere.
class StrangerTest : public testing::Test {
 protected:
  StrangerTest() {
    table_.Make("out");
    out_.emplace(table_, "out");
    table_.ChangeSource(31);
    EXPECT_TRUE(pomona::Run(table_.Options("fresh")).ok());
    updated_ = PlainRows(table_.Path("fresh"));
  }

  fs::path In(const std::string& name) const { return out_->root() / name; }
  PartRecord Part(size_t index) const {
    return (*Manifest::Load(*out_->Store()).ValueOrDie()).parts()[index];
  }
  int64_t Newest() const { return (*Manifest::Load(*out_->Store()).ValueOrDie()).number(); }

  /// Does it to a whole table, and then updates that.
  void Expect(const std::string& what, const testing::Matcher<std::string>& verify,
              const testing::Matcher<std::string>& update, const std::function<void()>& damage) {
    out_->Restore();
    damage();
    EXPECT_THAT(out_->Verdict(), verify) << what;
    EXPECT_THAT(out_->UpdateVerdict(updated_), update) << what;
  }

  void ExpectOutsideUntouched(const std::string& what) {
    const auto outside = table_.Path("outside");
    const Tree before = TreeOf(outside);
    EXPECT_THAT(out_->Verdict(), AnyOf(WholeTable::kFound, WholeTable::kProved)) << what;
    for (const bool overwrite : {false, true}) {
      RunOptions options = table_.Options("out");
      options.update = !overwrite;
      options.overwrite = overwrite;
      const auto run = pomona::Run(options).status();
      EXPECT_EQ(TreeOf(outside), before)
          << what << (overwrite ? ", overwritten: " : ", updated: ") << run;
      // A folder that is a link is refused, as nothing may be removed in it.
      const bool refused = run.IsInvalid() || KindOf(run) == ErrorKind::kData;
      if (!refused) {
        EXPECT_TRUE(run.ok()) << what << ": " << run;
        EXPECT_EQ(PlainRows(out_->root()), updated_) << what;
      }
    }
  }

  SmallTable table_;
  std::optional<WholeTable> out_;
  std::vector<std::string> updated_;
};

TEST_F(StrangerTest, FilesThatReadersWouldTakeForPartsAreFound) {
  const std::string part = Part(0).data.name;
  const std::string bytes = out_->tree().at(part);
  const std::string uuid = (*Manifest::Load(*out_->Store()).ValueOrDie()).run().uuid;
  for (const std::string& name :
       {PartFileName({.index = 9, .epoch = 0}, uuid), PartFileName({.index = 0, .epoch = 9}, uuid),
        PartFileName({.index = 0, .epoch = 0}, kOtherUuid), std::string("sub/part-0.parquet"),
        std::string("label=x/x.parquet"), std::string("a/b/c/d/e.parquet"), std::string("x.csv"),
        "sub/" + part}) {
    Expect(name, WholeTable::kFound, AnyOf(WholeTable::kFound, WholeTable::kProved),
           [&] { WriteFile(In(name), bytes); });
  }
}

TEST_F(StrangerTest, WhatNoReaderSeesDoesNoHarm) {
  const std::string bytes = out_->tree().at(Part(0).data.name);
  for (const std::string& name :
       {std::string("_other/part-0.parquet"), std::string(".part-0.parquet"),
        std::string("_pomona/part-0.parquet"), std::string("_pomona/states/notes.jsonl"),
        std::string("_pomona/references/part-00009-c000.parquet"),
        std::string("_pomona/rejects/part-00009-c000.parquet"), SegmentFileName(0, 0, 9),
        std::string(kPcaModelFile), std::string("_pomona/lease/notes.txt"),
        std::string("_pomona/staging/half")}) {
    Expect(name, AnyOf(WholeTable::kFound, WholeTable::kProved),
           AnyOf(WholeTable::kFound, WholeTable::kProved), [&] { WriteFile(In(name), bytes); });
  }
}

TEST_F(StrangerTest, StatesBehindTheNewestAreFound) {
  const int64_t next = Newest() + 1;
  const std::string newest = out_->tree().at(StateFileName(next - 1));
  Expect("a copy", WholeTable::kFound, WholeTable::kFound,
         [&] { WriteFile(In(StateFileName(next)), newest); });
  Expect("a gap", WholeTable::kFound, WholeTable::kFound,
         [&] { WriteFile(In(StateFileName(next + 1)), newest); });
  Expect("the last number that there is", WholeTable::kFound, WholeTable::kFound,
         [&] { WriteFile(In(StateFileName(999'999'999)), newest); });
  Expect("another previous", WholeTable::kFound, WholeTable::kFound, [&] {
    TableState state = ParseState(newest).ValueOrDie();
    state.number = next;
    state.previous = std::string(64, '0');
    WriteFile(In(StateFileName(next)), ToText(state));
  });
  // A table that a newer version works on is not damaged.
  const auto newer = testing::HasSubstr("take a newer version");
  Expect("a newer format", newer, newer,
         [&] { WriteFile(In(StateFileName(next)), "{\"format\":3}\n"); });
}

TEST_F(StrangerTest, WhatIsInTheWayOfTheNextStateIsSaidOrGoes) {
  const std::string next = StateFileName(Newest() + 1);
  Expect("an empty file", WholeTable::kProved, WholeTable::kProved,
         [&] { WriteFile(In(next), ""); });
  Expect("a link that leads nowhere", WholeTable::kProved,
         AnyOf(WholeTable::kFound, WholeTable::kProved),
         [&] { fs::create_symlink("nowhere", In(next)); });
  Expect("a folder", WholeTable::kProved, AnyOf(WholeTable::kFound, WholeTable::kProved),
         [&] { fs::create_directory(In(next)); });
}

TEST_F(StrangerTest, AClaimOfTheLastNumberIsRefusedBeforeAnythingIsWritten) {
  for (const int epoch : {999'999'997, 999'999'998, 999'999'999}) {
    Expect(ClaimFileName(epoch), WholeTable::kProved,
           AnyOf(WholeTable::kFound, WholeTable::kProved, testing::HasSubstr("no more")),
           [&] { WriteFile(In(ClaimFileName(epoch)), "{}"); });
    EXPECT_TRUE(TreeOf(out_->root()).contains(kSuccessFile)) << epoch;
  }
}

TEST_F(StrangerTest, OverwriteGivesAProvedTableWhateverIsThere) {
  RunOptions options = table_.Options("out");
  options.overwrite = true;
  const int64_t next = Newest() + 1;
  for (const auto& [name, bytes] : {std::pair(StateFileName(next), std::string()),
                                    std::pair(StateFileName(next), std::string("rubbish")),
                                    std::pair(StateFileName(next + 5), std::string("rubbish")),
                                    std::pair(StateFileName(next - 1), std::string()),
                                    std::pair(StateFileName(0), std::string()),
                                    std::pair(std::string(kRunFile), std::string("rubbish"))}) {
    out_->Restore();
    WriteFile(In(name), bytes);
    const auto report = pomona::Run(options);
    EXPECT_TRUE(report.ok()) << name << ": " << report.status();
    EXPECT_THAT(Verify(options.output, {}).ValueOrDie().problems, testing::IsEmpty()) << name;
    EXPECT_EQ(PlainRows(out_->root()), updated_) << name;
  }
}

TEST_F(StrangerTest, ALinkToAFileElsewhereIsNotFollowedByChanges) {
  for (const auto& [name, bytes] : out_->tree()) {
    out_->Restore();
    fs::remove_all(table_.Path("outside"));
    WriteFile(table_.Path("outside/file"), bytes);
    fs::remove(In(name));
    fs::create_symlink(table_.Path("outside/file"), In(name));
    ExpectOutsideUntouched(name);
  }
}

TEST_F(StrangerTest, ALinkToAFolderElsewhereIsNotFollowedByChanges) {
  const std::string writer = std::string(kStagingFolder) + "/" + kOtherUuid;
  for (const std::string& name :
       {std::string(kPomonaFolder), std::string(kStatesFolder), std::string(kReferencesFolder),
        std::string(kRejectsFolder), std::string(kLeaseFolder), std::string(kStagingFolder),
        std::string(kManifestFolder), writer, std::string("sub"), std::string(kTemporaryFolder),
        std::string(kSuccessFile), std::string(kReportFile), StateFileName(Newest() + 1)}) {
    for (const bool with_copy : {false, true}) {
      out_->Restore();
      fs::remove_all(table_.Path("outside"));
      WriteFile(table_.Path("outside/letters/1.txt"), "dear all");
      for (const std::string& file :
           {std::string("00000000.json"), std::string("part-00000-c000.parquet"),
            std::string("part-00000-c000.json"), std::string("00000000.jsonl"), std::string("half"),
            std::string(kOtherUuid) + "-0.json", std::string(kOtherUuid) + "/half",
            PartFileName({.index = 0, .epoch = 0}, kOtherUuid)}) {
        WriteFile(table_.Path("outside/" + file), "theirs");
      }
      if (with_copy && fs::is_directory(In(name))) {
        fs::copy(In(name), table_.Path("outside"),
                 fs::copy_options::recursive | fs::copy_options::overwrite_existing);
      }
      fs::create_directories(In(name).parent_path());
      fs::remove_all(In(name));
      fs::create_symlink(table_.Path("outside"), In(name));
      ExpectOutsideUntouched(name + (with_copy ? " with a copy" : ""));
    }
  }
}

}  // namespace
}  // namespace pomona
