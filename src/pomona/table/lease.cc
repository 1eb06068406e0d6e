#include "pomona/table/lease.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "pomona/base/json.h"
#include "pomona/base/uuid.h"
#include "pomona/table/layout.h"

namespace pomona {
namespace {

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Start of a process in clock ticks since boot: a process number may be used again,
/// but not with the same start. Empty if there is no such process, or only its remains that
/// nobody waited for (in a container nobody may, ever). Fields 3 and 22 of proc(5) stat.
std::string StartOf(int64_t pid) {
  const std::string stat = FirstLine(fmt::format("/proc/{}/stat", pid));
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos || name_end + 2 >= stat.size()) return "";
  const char state = stat[name_end + 2];
  if (state == 'Z' || state == 'X') return "";
  size_t at = name_end + 1;
  for (int field = 3; field <= 22; ++field) at = stat.find(' ', at) + 1;
  return stat.substr(at, stat.find(' ', at) - at);
}

/// Where process numbers mean the same: one boot of one kernel, one process namespace.
std::string ProcessSpace() {
  std::error_code none;
  return FirstLine("/proc/sys/kernel/random/boot_id") + " " +
         std::filesystem::read_symlink("/proc/self/ns/pid", none).string();
}

std::string HostName() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

struct Claim {
  std::string host;
  int64_t process = 0;
  std::string process_start;
  std::string process_space;
  std::string since;
};

std::string OwnClaim(const std::string& id, const LeaseProcess& process) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return JsonDocument({{"run", id},
                       {"host", process.host},
                       {"process", process.number},
                       {"process_start", process.start},
                       {"process_space", process.space},
                       {"since", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now))}});
}

/// nullopt for anything else than a claim: half an upload, or somebody's file.
std::optional<Claim> ParseClaim(const std::string& text) try {
  const auto parsed = ParseJson(text);
  if (!parsed.ok()) return std::nullopt;
  const Json& json = *parsed;
  return Claim{.host = json.at("host").get<std::string>(),
               .process = json.at("process").get<int64_t>(),
               .process_start = json.at("process_start").get<std::string>(),
               .process_space = json.at("process_space").get<std::string>(),
               .since = json.at("since").get<std::string>()};
} catch (const Json::exception&) {
  return std::nullopt;
}

/// nullopt: it cannot be told from here.
std::optional<bool> ProcessLives(const Claim& claim, const LeaseProcess& own) {
  if (claim.process_space != own.space) return std::nullopt;
  const std::string start = StartOf(claim.process);
  if (!start.empty()) return start == claim.process_start;
  // /proc may hide the processes of other users (hidepid): signals tell that there is one.
  const bool hidden = ::kill(static_cast<pid_t>(claim.process), 0) != 0 && errno == EPERM;
  if (hidden) return std::nullopt;
  return false;
}

arrow::Status Taken(const OutputStore& store, const OutputStore::Entry& entry,
                    const std::optional<Claim>& claim) {
  const std::string who =
      claim ? fmt::format("process {} on {}, since {}", claim->process, claim->host, claim->since)
            : "its claim " + entry.name + " cannot be read";
  return arrow::Status::Invalid(
      "another run is writing to ", store.uri(), ": ", who,
      "\nhint: wait for it, or end it; if its machine is gone, try again in ",
      Lease::kDeadAfter.count(), " s");
}

/// What a look at the signs of others found, where none of them is known to live.
struct LookResult {
  /// One went while we looked: it was given back, or renewed under its next name, which the look
  /// may have missed.
  bool vanished = false;
  /// There was a sign of a dead run.
  bool dead = false;
  /// Signs that are younger than our own by more than kDeadAfter, with their times.
  std::map<std::string, int64_t> younger;
};

/// `own`: how the names of our signs begin. `before_ours`: those that were there before the last of
/// ours was put.
arrow::Result<LookResult> LookForOthers(OutputStore& store, const std::string& own,
                                        const LeaseProcess& process,
                                        const std::map<std::string, int64_t>& before_ours) {
  constexpr int64_t kDeadAfterNs = std::chrono::nanoseconds(Lease::kDeadAfter).count();
  LookResult result;
  ARROW_ASSIGN_OR_RAISE(auto claims, store.ListOwn(kLeaseFolder));
  // Without a sign of our own nobody says what time it is: it could not be put, or was taken away.
  std::optional<int64_t> now_ns;
  for (const auto& entry : claims) {
    if (entry.name.starts_with(own)) now_ns = std::max(now_ns.value_or(0), entry.mtime_ns);
  }
  for (const auto& entry : claims) {
    if (entry.name.starts_with(own) || ClaimEpochOf(entry.name) >= 0) continue;
    auto text = store.Get(entry.name);
    if (text.status().IsKeyError()) {
      result.vanished = true;
      continue;
    }
    ARROW_RETURN_NOT_OK(text.status());
    const auto claim = ParseClaim(*text);
    const auto lives = claim ? ProcessLives(*claim, process) : std::nullopt;
    const int64_t age_ns = now_ns.value_or(entry.mtime_ns) - entry.mtime_ns;
    if (!lives && age_ns <= -kDeadAfterNs) {
      // Either we slept since ours was put, or this one is from before a clock went back: then it
      // was there before ours.
      const auto before = before_ours.find(entry.name);
      if (before == before_ours.end() || before->second != entry.mtime_ns) {
        result.younger[entry.name] = entry.mtime_ns;
        continue;
      }
    }
    const bool fresh = std::abs(age_ns) < kDeadAfterNs;
    if (lives.value_or(fresh)) return Taken(store, entry, claim);
    ARROW_RETURN_NOT_OK(store.ForgetClaim(entry.name));
    result.dead = true;
  }
  return result;
}

/// The epochs that are claimed, ascending.
arrow::Result<std::vector<int>> Claims(const OutputStore& store) {
  ARROW_ASSIGN_OR_RAISE(const auto entries, store.List(kLeaseFolder));
  std::vector<int> epochs;
  for (const auto& entry : entries) {
    if (const int epoch = ClaimEpochOf(entry.name); epoch >= 0) epochs.push_back(epoch);
  }
  std::ranges::sort(epochs);
  return epochs;
}

std::string OwnPrefix(const std::string& id) { return std::string(kLeaseFolder) + "/" + id; }

}  // namespace

LeaseProcess LeaseProcess::Own() {
  return {.host = HostName(),
          .number = ::getpid(),
          .start = StartOf(::getpid()),
          .space = ProcessSpace()};
}

arrow::Result<std::unique_ptr<Lease>> Lease::Acquire(std::shared_ptr<OutputStore> store,
                                                     Options options) {
  std::unique_ptr<Lease> lease(new Lease(std::move(store), NewUuid(), std::move(options)));
  OutputStore& output = *lease->store_;
  const auto put = output.PutSign(lease->SignName(), lease->claim_);
  const auto look = LookForOthers(output, OwnPrefix(lease->id_), lease->options_.process, {});
  // A run that is just beginning fences us, and our sign is not put: it is the one to name.
  if (look.status().IsInvalid()) return look.status();
  if (!put.ok()) {
    return arrow::Status::IOError("cannot write to the output ", output.uri(), ": ", put.message());
  }
  ARROW_RETURN_NOT_OK(look.status());
  lease->found_dead_ = look->dead;
  ARROW_RETURN_NOT_OK(lease->ClaimAbove(-1));
  if (lease->options_.renewer) {
    lease->options_.renewer(lease.get());
  } else {
    lease->renewer_ = std::thread([renewing = lease.get()] { renewing->RenewLoop(); });
  }
  return lease;
}

arrow::Status Lease::ClaimAbove(int least) {
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto claims, Claims(*store_));
    const int highest = std::max(least, claims.empty() ? -1 : claims.back());
    if (highest >= kLastNumber) {
      return arrow::Status::Invalid("the output ", store_->uri(),
                                    " has no more epochs: ", ClaimFileName(highest), " is the last",
                                    "\nhint: no run has claimed so many; remove that file");
    }
    const int epoch = highest + 1;
    ARROW_ASSIGN_OR_RAISE(const bool claimed, store_->PutNew(ClaimFileName(epoch), claim_));
    // Another run may have come between our look and this, and be alive; or we have slept.
    const auto taken = RefuseIfTaken();
    if (taken.ok() && !claimed) {
      least = epoch;  // also where a listing does not show it yet
      continue;
    }
    if (claimed) epoch_ = epoch;
    if (taken.ok()) store_->Allow();
    return taken;
  }
}

arrow::Status Lease::Take(int least) {
  taken_ = true;
  if (epoch_ <= least) ARROW_RETURN_NOT_OK(ClaimAbove(least));
  ARROW_ASSIGN_OR_RAISE(auto lower, Claims(*store_));
  std::erase(lower, epoch_);
  if (lower.empty()) return arrow::Status::OK();
  if (lower.back() > epoch_) return TookOver(store_->uri());
  ARROW_RETURN_NOT_OK(RefuseIfTaken());
  for (const int epoch : lower) ARROW_RETURN_NOT_OK(store_->ForgetClaim(ClaimFileName(epoch)));
  // One that we took for dead may have put a sign since, and seen its claim before we took it away:
  // it goes on. One that puts a sign later sees that its claim is gone.
  return RefuseIfTaken();
}

arrow::Status Lease::RefuseIfTaken() {
  // A listing is no snapshot: it may pass the place of a new name before a renewal puts it there,
  // and that of the old one after. Renewals are too far apart for that to happen twice in a row.
  constexpr int kQuietLooks = 2;
  std::map<std::string, int64_t> before_ours;
  for (int quiet = 0; quiet < kQuietLooks;) {
    ARROW_ASSIGN_OR_RAISE(auto look,
                          LookForOthers(*store_, OwnPrefix(id_), options_.process, before_ours));
    found_dead_ = found_dead_ || look.dead;
    quiet = look.vanished || !look.younger.empty() ? 0 : quiet + 1;
    if (look.younger.empty()) continue;
    before_ours = std::move(look.younger);
    std::lock_guard lock(mutex_);
    ARROW_RETURN_NOT_OK(PutNextSign());
  }
  return arrow::Status::OK();
}

Lease::Lease(std::shared_ptr<OutputStore> store, std::string id, Options options)
    : store_(std::move(store)),
      id_(std::move(id)),
      options_(std::move(options)),
      claim_(OwnClaim(id_, options_.process)) {}

Lease::~Lease() {
  if (options_.renewer) options_.renewer(nullptr);
  if (renewer_.joinable()) {
    {
      std::lock_guard lock(mutex_);
      ended_ = true;
      ending_.notify_all();
    }
    renewer_.join();
  }
  // The sign ages then, and so do requests.
  if (store_->may_change_late()) return;
  // One that changed nothing leaves no trace.
  if (!taken_ && epoch_ >= 0) (void)store_->ForgetClaim(ClaimFileName(epoch_));
  // If this fails the sign ages, and the next run on this machine sees that we are gone.
  auto claims = store_->List(kLeaseFolder);
  if (!claims.ok()) return;
  for (const auto& entry : *claims) {
    if (entry.name.starts_with(OwnPrefix(id_))) (void)store_->ForgetClaim(entry.name);
  }
}

std::string Lease::SignName() const { return fmt::format("{}-{}.json", OwnPrefix(id_), renewals_); }

/// Who takes over takes the claim away, before all else. One of the same number may come after it
/// where this one was removed by a request that a store did twice.
arrow::Result<bool> Lease::Held() const {
  const auto claim = store_->Get(ClaimFileName(epoch_));
  if (claim.status().IsKeyError()) return false;
  ARROW_RETURN_NOT_OK(claim.status());
  return *claim == claim_;
}

arrow::Status Lease::Check() {
  std::lock_guard lock(mutex_);
  ARROW_ASSIGN_OR_RAISE(const bool held, Held());
  if (held) return arrow::Status::OK();
  return TookOver(store_->uri());
}

void Lease::Renew() {
  std::lock_guard lock(mutex_);
  RenewLocked();
}

void Lease::RenewLocked() {
  // A claim that was taken away stays away: Check tells. A failed renewal is not the run's end: the
  // next may pass, and the writes themselves will say if the store is gone.
  if (!Held().ValueOr(false) || !PutNextSign().ok()) return;
  // After the sign: who takes over looks for signs once more after it took the claim away.
  if (Held().ValueOr(false)) store_->Allow();
}

arrow::Status Lease::PutNextSign() {
  const std::string old = SignName();
  ++renewals_;
  const auto put = store_->PutSign(SignName(), claim_);
  if (!put.ok()) {
    --renewals_;
    return put;
  }
  (void)store_->ForgetClaim(old);
  return put;
}

void Lease::RenewLoop() {
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, options_.renew_every, [&] { return ended_; })) RenewLocked();
}

}  // namespace pomona
