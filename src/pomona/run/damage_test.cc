#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>

#include "whole_table.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;

/// Whether a table is none the worse for what happens to such a file.
bool IsForPeople(const std::string& name) {
  return name == kReportFile || name.starts_with(kLeaseFolder);
}

/// Two tables: one of 0.1.0, and the same as it was continued and updated today, so that its first
/// state is a base with a segment. The source is that of the second.
class DamageTest : public testing::Test {
 protected:
  DamageTest() {
    table_.Make("old");
    table_.MakeOld("old");
    fs::copy(table_.Path("old"), table_.Path("out"), fs::copy_options::recursive);
    old_.emplace(table_, "old");
    table_.ChangeSource(31);
    EXPECT_TRUE(table_.Update("out").ok());
    out_.emplace(table_, "out");
  }

  /// What an update gives from here on.
  std::vector<std::string> FreshRows() {
    const std::string output = "fresh" + std::to_string(fresh_++);
    EXPECT_TRUE(pomona::Run(table_.Options(output)).ok());
    return PlainRows(table_.Path(output));
  }

  void Expect(const WholeTable& whole, const std::string& verdict, bool may_be_proved,
              const std::string& what) {
    ++cases_;
    EXPECT_TRUE(verdict == WholeTable::kFound || (may_be_proved && verdict == WholeTable::kProved))
        << whole.output() << ", " << what << ": " << verdict;
  }

  void EveryByteAndEveryLength(const WholeTable& whole) {
    // One of so many is given to Verify as a whole. Odd, so that it meets every bit.
    constexpr size_t kWhole = 61;
    for (const auto& [name, bytes] : whole.tree()) {
      // Parquet files are proved by the same step in both tables.
      if (whole.is_first_format() && whole.IsRecorded(name)) continue;
      const bool for_people = IsForPeople(name);
      // A last line without its end says what it said.
      const bool harmless = for_people || name == kSuccessFile || whole.is_first_format();
      const auto expect = [&, &name = name](const std::string& changed, const char* what,
                                            size_t at) {
        const bool quick = !for_people && at % kWhole != 0;
        const std::string verdict =
            quick ? whole.QuickVerdictWith(name, changed) : whole.VerdictWith(name, changed);
        Expect(whole, verdict, harmless, name + ": " + what + " " + std::to_string(at));
      };
      for (size_t at = 0; at < bytes.size(); at += for_people ? kWhole : 1) {
        std::string flipped = bytes;
        flipped[at] = static_cast<char>(bytes[at] ^ (1 << (at + at / 8) % 8));
        expect(flipped, "a bit flipped at", at);
        expect(bytes.substr(0, at), "cut to", at);
      }
      expect(bytes + "\n!", "longer than", bytes.size());
    }
    EXPECT_EQ(whole.Verdict(), WholeTable::kProved);
    RecordProperty("cases", cases_);
  }

  /// All pairs of files, and random sets of any size.
  void FilesAreMissing(const WholeTable& whole) {
    constexpr int kRandomSets = 100;
    std::vector<std::string> names;
    for (const auto& [name, bytes] : whole.tree()) names.push_back(name);
    const auto without = [&](const std::set<std::string>& missing) {
      std::string what = "without";
      for (const auto& name : missing) {
        fs::rename(whole.root() / name, table_.Path("away"));
        fs::remove(table_.Path("away"));
        what += " " + name;
      }
      Expect(whole, whole.Verdict(), std::ranges::all_of(missing, IsForPeople), what);
      for (const auto& name : missing) WriteFile(whole.root() / name, whole.tree().at(name));
    };
    for (const auto& one : names) {
      for (const auto& other : names) {
        if (one <= other) without({one, other});
      }
    }
    std::mt19937 random(7);
    for (int i = 0; i < kRandomSets; ++i) {
      std::set<std::string> missing;
      const auto wanted = 3 + random() % (names.size() - 2);
      while (missing.size() < wanted) missing.insert(names[random() % names.size()]);
      without(missing);
    }
    EXPECT_EQ(whole.Verdict(), WholeTable::kProved);
    RecordProperty("cases", cases_);
  }

  /// Each file of the table flipped, then cut, then gone, and each time updated.
  void UpdatesOfDamage(const WholeTable& whole, const std::vector<std::string>& rows) {
    std::mt19937 random(11);
    int turn = 0;
    for (const auto& [name, bytes] : whole.tree()) {
      if (bytes.empty()) continue;
      for (int i = 0; i < 2; ++i) {
        std::string damaged = bytes;
        const size_t at = random() % bytes.size();
        const int how = turn++ % 3;
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << turn % 8));
        if (how == 1) damaged.resize(at);
        whole.Restore();
        WriteFile(whole.root() / name, damaged);
        if (how == 2) fs::remove(whole.root() / name);
        Expect(whole, whole.UpdateVerdict(rows), true,
               name + " " + std::to_string(how) + " at " + std::to_string(at) + ", updated");
      }
    }
    RecordProperty("cases", cases_);
  }

  SmallTable table_;
  std::optional<WholeTable> old_, out_;
  int cases_ = 0;
  int fresh_ = 0;
};

TEST_F(DamageTest, EveryFlippedBitAndEveryLengthIsFound) { EveryByteAndEveryLength(*out_); }

TEST_F(DamageTest, EveryFlippedBitAndEveryLengthOfATableOfTheFirstVersionLeavesItsRows) {
  EveryByteAndEveryLength(*old_);
}

TEST_F(DamageTest, WhateverIsMissingIsFound) { FilesAreMissing(*out_); }

TEST_F(DamageTest, WhateverIsMissingOfATableOfTheFirstVersionIsFound) { FilesAreMissing(*old_); }

TEST_F(DamageTest, AnUpdateWithNothingToDoMakesNoDamageOfficial) {
  UpdatesOfDamage(*out_, FreshRows());
}

TEST_F(DamageTest, AnUpdateMakesNoDamageOfficial) {
  table_.ChangeSource(42);
  UpdatesOfDamage(*out_, FreshRows());
}

TEST_F(DamageTest, AnUpdateOfATableOfTheFirstVersionMakesNoDamageOfficial) {
  UpdatesOfDamage(*old_, FreshRows());
}

/// Killed right after its first state, or before its seal: nothing has sealed the newest state.
TEST_F(DamageTest, AnUnfinishedTableIsContinuedOrRefusedWhateverIsFlippedInItsNewestState) {
  constexpr size_t kStep = 17;
  const auto rows = FreshRows();
  const std::string last = StateFileName(Manifest::Load(*out_->Store()).ValueOrDie()->number());
  const std::string text = out_->tree().at(StateFileName(0));
  const auto expect = [&](const std::string& changed, const std::string& what) {
    WriteTree(out_->root(), old_->tree());
    for (const auto& [name, bytes] : out_->tree()) {
      if (IsSegmentFile(name)) WriteFile(out_->root() / name, bytes);
    }
    fs::remove(out_->root() / kSuccessFile);
    WriteFile(out_->root() / StateFileName(0), changed);
    Expect(*out_, out_->UpdateVerdict(rows), true, what);
  };
  // The first line says the format: nobody can tell a flipped one from a newer version's.
  for (size_t at = kStep; at < text.size(); at += kStep) {
    std::string flipped = text;
    flipped[at] = static_cast<char>(text[at] ^ (1 << at % 8));
    expect(flipped, "state 0, a bit flipped at " + std::to_string(at));
  }
  for (size_t at = kStep; at < out_->tree().at(last).size(); at += kStep) {
    out_->Restore();
    fs::remove(out_->root() / kSuccessFile);
    std::string flipped = out_->tree().at(last);
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    WriteFile(out_->root() / last, flipped);
    Expect(*out_, out_->UpdateVerdict(rows), true, last + ", flipped at " + std::to_string(at));
  }
  std::string uuid = text;
  const size_t at = uuid.find("\"uuid\":\"") + 8;
  uuid[at] = uuid[at] == 'a' ? 'b' : 'a';
  expect(uuid, "another uuid");
}

TEST_F(DamageTest, ARecordOfTheFirstVersionThatIsOfOtherFilesIsDamage) {
  const auto rows = FreshRows();
  const auto expect = [&](const std::string& name, const std::string& from, const std::string& to) {
    std::string text = old_->tree().at(name);
    ASSERT_NE(text.find(from), text.npos) << name;
    text.replace(text.find(from), from.size(), to);
    old_->Restore();
    WriteFile(old_->root() / name, text);
    EXPECT_EQ(old_->Verdict(), WholeTable::kFound) << name << ": " << to;
    EXPECT_EQ(old_->UpdateVerdict(rows), WholeTable::kFound) << name << ": " << to;
  };
  const auto manifest = *Manifest::Load(*old_->Store()).ValueOrDie();
  std::string uuid = manifest.run().uuid;
  uuid[0] = uuid[0] == 'a' ? 'b' : 'a';
  expect(kRunFile, manifest.run().uuid, uuid);
  expect(PartEntryName(manifest.parts()[0].id), "\"references\": ", "\"refezences\": ");
  expect(PartEntryName(manifest.parts().back().id), "\"generation\": 1", "\"generation\": 0");
}

TEST_F(DamageTest, CombinedDamageIsFoundAndNotMadeOfficial) {
  constexpr int kCases = 1000;
  constexpr int kUpdated = 40;  // one of so many
  table_.ChangeSource(53);
  const auto rows = FreshRows();
  std::mt19937 random(13);
  for (int i = 0; i < kCases; ++i) {
    const WholeTable& whole = i % 4 == 3 ? *old_ : *out_;
    std::vector<std::string> names;
    for (const auto& [name, bytes] : whole.tree()) names.push_back(name);
    std::set<std::string> touched;
    std::string what = "case " + std::to_string(i);
    for (auto left = 2 + random() % 3; left > 0; --left) {
      const std::string name = names[random() % names.size()];
      const std::string& other = names[random() % names.size()];
      std::string bytes = BytesOf(whole.root() / name);
      touched.insert(name);
      const auto how = random() % 6;
      what += ", " + name + " " + std::to_string(how);
      if (how == 0) {
        fs::remove(whole.root() / name);
        continue;
      }
      if (how == 1) bytes.resize(random() % (bytes.size() + 1));
      if (how == 2) bytes += bytes;
      if (how == 3) bytes = whole.tree().at(other);
      if (how >= 4 && !bytes.empty()) {
        const size_t at = random() % bytes.size();
        bytes[at] = static_cast<char>(how == 4 ? bytes[at] ^ (1 << random() % 8) : random());
      }
      WriteFile(whole.root() / name, bytes);
    }
    Expect(whole, whole.Verdict(), true, what);
    if (i % kUpdated == 0) {
      Expect(whole, whole.UpdateVerdict(rows), true, what + ", updated");
      whole.Restore();
    } else {
      for (const auto& name : touched) WriteFile(whole.root() / name, whole.tree().at(name));
    }
  }
  RecordProperty("cases", cases_);
}

}  // namespace
}  // namespace pomona
