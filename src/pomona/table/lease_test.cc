#include "pomona/table/lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "hooked_file_system.h"
#include "pomona/base/json.h"
#include "pomona/table/layout.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

arrow::Status NoFaults(const std::string&, const std::string&) { return arrow::Status::OK(); }

Lease::Options RenewedEvery(std::chrono::milliseconds every) {
  Lease::Options options;
  options.renew_every = every;
  return options;
}

/// Of proc(5) stat, from 3 on.
std::string StatField(pid_t process, int number) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string field;
  for (int i = 3; i <= number; ++i) fields >> field;
  return field;
}

class LeaseTest : public testing::Test {
 protected:
  LeaseTest() : store_(OutputStore::Make(files_, folder_.string(), folder_.string())) {
    EXPECT_TRUE(store_->Prepare().ok());
  }

  std::vector<OutputStore::Entry> Signs() {
    auto entries = store_->List("_pomona/lease").ValueOrDie();
    std::erase_if(entries, [](const auto& entry) { return ClaimEpochOf(entry.name) >= 0; });
    return entries;
  }
  /// Those of all claims that are there.
  std::vector<int> Epochs() {
    std::vector<int> epochs;
    for (const auto& entry : store_->List("_pomona/lease").ValueOrDie()) {
      if (ClaimEpochOf(entry.name) >= 0) epochs.push_back(ClaimEpochOf(entry.name));
    }
    return epochs;
  }
  /// What this process writes in its claims.
  Json OwnClaim() {
    auto lease = Lease::Acquire(store_).ValueOrDie();
    return Json::parse(store_->Get(Signs().at(0).name).ValueOrDie());
  }
  /// A claim in the folder, last renewed `age` ago.
  std::string Plant(const std::string& text, std::chrono::seconds age) {
    const std::string path =
        folder_.Write("_pomona/lease/0f3a2b1c-1111-4222-8333-444455556666-0.json", text);
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - age);
    return path;
  }
  arrow::Status TryAcquire() { return Lease::Acquire(store_).status(); }

  TempFolder folder_;
  std::shared_ptr<HookedFileSystem> files_ = HookedFileSystem::LocalDisk();
  std::shared_ptr<OutputStore> store_;
};

TEST_F(LeaseTest, IsHeldAndGivenBack) {
  auto lease = Lease::Acquire(store_).ValueOrDie();
  EXPECT_THAT(Signs(), SizeIs(1));
  EXPECT_TRUE(lease->Check().ok());
  lease.reset();
  EXPECT_THAT(Signs(), IsEmpty());
  EXPECT_TRUE(TryAcquire().ok());
}

TEST_F(LeaseTest, EachHasAnEpochOfItsOwn) {
  for (int epoch = 0; epoch < 3; ++epoch) {
    auto lease = Lease::Acquire(store_).ValueOrDie();
    EXPECT_EQ(lease->epoch(), epoch);
    ASSERT_TRUE(lease->Take(-1).ok());
    EXPECT_THAT(Epochs(), ElementsAre(epoch));
  }
  auto lease = Lease::Acquire(store_).ValueOrDie();
  ASSERT_TRUE(lease->Take(2).ok());
  EXPECT_EQ(lease->epoch(), 3);
  ASSERT_TRUE(lease->Take(7).ok());
  EXPECT_EQ(lease->epoch(), 8);
  EXPECT_THAT(Epochs(), ElementsAre(8));
  EXPECT_TRUE(lease->Check().ok());
}

TEST_F(LeaseTest, OneThatChangedNothingLeavesNoTrace) {
  ASSERT_TRUE(Lease::Acquire(store_).ValueOrDie()->Take(-1).ok());
  { auto lease = Lease::Acquire(store_).ValueOrDie(); }
  EXPECT_THAT(Epochs(), ElementsAre(0));
}

TEST_F(LeaseTest, AClaimOfTheSameNumberIsNotTheOwn) {
  auto lease = Lease::Acquire(store_).ValueOrDie();
  ASSERT_TRUE(store_->ForgetClaim(ClaimFileName(0)).ok());
  ASSERT_TRUE(store_->PutNew(ClaimFileName(0), "another's").ValueOrDie());
  EXPECT_TRUE(lease->Check().IsIOError());
}

TEST_F(LeaseTest, OneThatWakesUpWhileItsClaimIsTakenStopsTheOther) {
  auto first = Lease::Acquire(store_, RenewedEvery(std::chrono::hours(1))).ValueOrDie();
  // Its sign is missed: as if it were old.
  const auto sign = Signs().at(0).name;
  const std::string text = store_->Get(sign).ValueOrDie();
  ASSERT_TRUE(store_->ForgetClaim(sign).ok());
  auto second = Lease::Acquire(store_).ValueOrDie();
  ASSERT_TRUE(store_->Put(sign, text).ok());
  EXPECT_TRUE(second->Take(-1).IsInvalid());
  EXPECT_TRUE(first->Check().ok());
}

TEST_F(LeaseTest, OneThatSleptBeforeItsClaimGivesUp) {
  // After its look at others, before its claim: another comes, and is alive.
  std::unique_ptr<Lease> other;
  files_->before = [&](const std::string& call, const std::string& path) {
    if (call != "open" || !path.ends_with("+00000000.json")) return arrow::Status::OK();
    files_->before = NoFaults;
    for (const auto& entry : Signs()) EXPECT_TRUE(store_->ForgetClaim(entry.name).ok());
    const auto others = OutputStore::Make(HookedFileSystem::LocalDisk(), folder_.string(), "");
    EXPECT_TRUE(others->Prepare().ok());
    other = Lease::Acquire(others).ValueOrDie();
    return arrow::Status::OK();
  };
  EXPECT_TRUE(TryAcquire().IsInvalid());
  ASSERT_NE(other, nullptr);
  EXPECT_TRUE(other->Check().ok());
}

TEST_F(LeaseTest, TheSecondIsRefusedAndToldWhoHasIt) {
  auto first = Lease::Acquire(store_).ValueOrDie();
  const auto status = TryAcquire();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), HasSubstr("another run is writing to " + folder_.string()));
  EXPECT_THAT(status.message(), HasSubstr("process " + std::to_string(getpid()) + " on "));
  EXPECT_THAT(status.message(), HasSubstr("\nhint: "));
  EXPECT_THAT(Signs(), SizeIs(1));
  EXPECT_TRUE(first->Check().ok());
}

TEST_F(LeaseTest, AProcessThatIsGoneIsNoOwner) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  ASSERT_GT(child, 0);
  waitpid(child, nullptr, 0);
  Json claim = OwnClaim();
  claim["process"] = child;
  const std::string planted = Plant(claim.dump(), std::chrono::seconds(0));
  EXPECT_TRUE(TryAcquire().ok());
  EXPECT_FALSE(std::filesystem::exists(planted));
}

TEST_F(LeaseTest, KnowsWhetherTheLastRunDied) {
  Json claim = OwnClaim();
  EXPECT_FALSE(Lease::Acquire(store_).ValueOrDie()->found_dead());
  claim["process_start"] = "1";
  Plant(claim.dump(), std::chrono::seconds(0));
  EXPECT_TRUE(Lease::Acquire(store_).ValueOrDie()->found_dead());
  EXPECT_FALSE(Lease::Acquire(store_).ValueOrDie()->found_dead());
}

TEST_F(LeaseTest, AProcessThatEndedButWasNotWaitedForIsNoOwner) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  ASSERT_GT(child, 0);
  siginfo_t ended{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
  Json claim = OwnClaim();
  claim["process"] = child;
  claim["process_start"] = StatField(child, 22);
  Plant(claim.dump(), std::chrono::seconds(0));
  EXPECT_TRUE(TryAcquire().ok());
  waitpid(child, nullptr, 0);
}

TEST_F(LeaseTest, AProcessNumberThatIsUsedAgainIsNoOwner) {
  Json claim = OwnClaim();
  claim["process_start"] = "1";
  Plant(claim.dump(), std::chrono::seconds(0));
  EXPECT_TRUE(TryAcquire().ok());
}

TEST_F(LeaseTest, AnOldClaimOfALiveProcessIsRespected) {
  Plant(OwnClaim().dump(), std::chrono::hours(1));
  EXPECT_TRUE(TryAcquire().IsInvalid());
}

TEST_F(LeaseTest, AFreshClaimFromAnotherMachineIsRespected) {
  Json claim = OwnClaim();
  claim["process_space"] = "elsewhere";
  claim["host"] = "far-away";
  Plant(claim.dump(), std::chrono::seconds(5));
  const auto status = TryAcquire();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), HasSubstr("on far-away"));
}

TEST_F(LeaseTest, AnOldClaimFromAnotherMachineIsDead) {
  Json claim = OwnClaim();
  claim["process_space"] = "elsewhere";
  const std::string planted = Plant(claim.dump(), Lease::kDeadAfter + std::chrono::seconds(5));
  EXPECT_TRUE(TryAcquire().ok());
  EXPECT_FALSE(std::filesystem::exists(planted));
}

TEST_F(LeaseTest, AClaimThatCannotBeReadCountsWhileItIsFresh) {
  for (const char* text :
       {"", "{ hal", "[]", "{\"host\": 5}", "null", "{\"host\":null,\"process\":\"x\"}"}) {
    Plant(text, std::chrono::seconds(0));
    const auto status = TryAcquire();
    EXPECT_TRUE(status.IsInvalid()) << text;
    EXPECT_THAT(status.message(), HasSubstr("-0.json cannot be read")) << text;
    Plant(text, Lease::kDeadAfter + std::chrono::seconds(5));
    EXPECT_TRUE(TryAcquire().ok()) << text;
  }
}

TEST_F(LeaseTest, OfTwoAtOnceNeverBothGoOn) {
  for (int round = 0; round < 20; ++round) {
    arrow::Result<std::unique_ptr<Lease>> one = arrow::Status::UnknownError("not tried");
    arrow::Result<std::unique_ptr<Lease>> two = arrow::Status::UnknownError("not tried");
    std::thread other([&] { one = Lease::Acquire(store_); });
    two = Lease::Acquire(store_);
    other.join();
    EXPECT_FALSE(one.ok() && two.ok());
    for (const auto* lease : {&one, &two}) {
      if (!lease->ok()) {
        EXPECT_TRUE(lease->status().IsInvalid()) << lease->status().ToString();
      }
    }
  }
  EXPECT_THAT(Signs(), IsEmpty());
}

TEST_F(LeaseTest, AnOutputThatCannotBeWrittenToIsSaid) {
  files_->before = [](const std::string& call, const std::string&) {
    return call == "open" ? arrow::Status::IOError("permission denied") : arrow::Status::OK();
  };
  const auto status = TryAcquire();
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), HasSubstr("cannot write to the output " + folder_.string()));
}

TEST_F(LeaseTest, WhoCannotPutASignTakesNobodyForDead) {
  Json claim = OwnClaim();
  claim["process_space"] = "another";
  Plant(claim.dump(), std::chrono::seconds(20));
  files_->before = [](const std::string& call, const std::string&) {
    return call == "open" ? arrow::Status::IOError("no space") : arrow::Status::OK();
  };
  EXPECT_TRUE(TryAcquire().IsInvalid());
  EXPECT_THAT(Signs(), SizeIs(1));
}

TEST_F(LeaseTest, WhoSleptSinceItsSignTakesNobodyForDead) {
  Json claim = OwnClaim();
  claim["process_space"] = "another";
  files_->before = [&](const std::string& call, const std::string& path) {
    if (call != "list" || !path.ends_with("/lease")) return arrow::Status::OK();
    files_->before = NoFaults;
    // Its own is of an hour ago, and another run has come since.
    for (const auto& entry : Signs()) {
      std::filesystem::last_write_time(
          folder_.path() / entry.name,
          std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    }
    Plant(claim.dump(), std::chrono::seconds(0));
    return arrow::Status::OK();
  };
  EXPECT_TRUE(TryAcquire().IsInvalid());
  EXPECT_THAT(Signs(), SizeIs(1));
}

TEST_F(LeaseTest, IsRefusedEvenIfTheFirstTakesItsStagedClaimAway) {
  auto others = OutputStore::Make(HookedFileSystem::LocalDisk(), folder_.string(), "");
  ASSERT_TRUE(others->Prepare().ok());
  auto first = Lease::Acquire(others).ValueOrDie();
  files_->before = [&](const std::string& call, const std::string&) {
    if (call != "move") return arrow::Status::OK();
    files_->before = NoFaults;
    return others->FenceOthers(true);
  };
  const auto status = TryAcquire();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), HasSubstr("another run is writing"));
}

TEST_F(LeaseTest, ARenewalNeverLeavesTheOutputUnclaimed) {
  auto lease = Lease::Acquire(store_, RenewedEvery(std::chrono::milliseconds(20))).ValueOrDie();
  const std::string first = Signs().at(0).name;
  // One listing may miss both names of a claim that is renewed meanwhile; two in a row do not.
  for (int looks = 0; looks < 2000; ++looks) {
    ASSERT_TRUE(!Signs().empty() || !Signs().empty());
  }
  while (store_->Exists(first).ValueOrDie()) std::this_thread::yield();
  EXPECT_TRUE(lease->Check().ok());
  lease.reset();
  EXPECT_THAT(Signs(), IsEmpty());
}

TEST_F(LeaseTest, AClaimThatIsRenewedWhileAnotherLooksIsSeen) {
  Json claim = OwnClaim();
  const std::string planted = Plant(claim.dump(), std::chrono::seconds(0));
  files_->before = [&](const std::string& call, const std::string& path) {
    if (call != "info" || path.find("0f3a2b1c-1111-4222-8333-444455556666-0") == std::string::npos)
      return arrow::Status::OK();
    files_->before = NoFaults;
    std::filesystem::rename(
        planted, folder_.path() / "_pomona/lease/0f3a2b1c-1111-4222-8333-444455556666-1.json");
    return arrow::Status::OK();
  };
  EXPECT_TRUE(TryAcquire().IsInvalid());
}

TEST_F(LeaseTest, NoticesThatAnotherRunTookOver) {
  auto lease = Lease::Acquire(store_, RenewedEvery(std::chrono::milliseconds(1))).ValueOrDie();
  // As another machine does after a minute without news.
  auto other = OutputStore::Make(HookedFileSystem::LocalDisk(), folder_.string(), "");
  ASSERT_TRUE(other->Prepare().ok());
  ASSERT_TRUE(other->PutNew(ClaimFileName(1), "theirs").ValueOrDie());
  ASSERT_TRUE(other->ForgetClaim(ClaimFileName(0)).ok());
  for (const auto& entry : Signs()) ASSERT_TRUE(other->ForgetClaim(entry.name).ok());
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // renewals, which bring nothing back
  EXPECT_THAT(Epochs(), ElementsAre(1));
  EXPECT_THAT(lease->Check().message(), HasSubstr("another run took over " + folder_.string()));
}

TEST(LeaseOnObjects, TheSecondIsRefused) {
  auto store = OutputStore::Make(HookedFileSystem::ObjectStore(), "bucket/out", "s3a://bucket/out");
  auto first = Lease::Acquire(store).ValueOrDie();
  EXPECT_THAT(Lease::Acquire(store).status().message(),
              HasSubstr("another run is writing to s3a://bucket/out"));
  first.reset();
  EXPECT_TRUE(Lease::Acquire(store).ok());
}

}  // namespace
}  // namespace pomona
