#include "pomona/table/lease.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "pomona/base/json_depth.h"
#include "pomona/base/uuid.h"
#include "pomona/table/layout.h"

namespace pomona {
namespace {

using Json = nlohmann::ordered_json;

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

std::string OwnClaim() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return Json{{"host", HostName()},
              {"process", ::getpid()},
              {"process_start", StartOf(::getpid())},
              {"process_space", ProcessSpace()},
              {"since", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now))}}
             .dump(2) +
         "\n";
}

/// nullopt for anything else than a claim: half an upload, or somebody's file.
std::optional<Claim> ParseClaim(const std::string& text) try {
  if (NestsTooDeep(text)) return std::nullopt;
  const Json json = Json::parse(text);
  return Claim{.host = json.at("host").get<std::string>(),
               .process = json.at("process").get<int64_t>(),
               .process_start = json.at("process_start").get<std::string>(),
               .process_space = json.at("process_space").get<std::string>(),
               .since = json.at("since").get<std::string>()};
} catch (const Json::exception&) {
  return std::nullopt;
}

/// nullopt: it cannot be told from here.
std::optional<bool> ProcessLives(const Claim& claim) {
  if (claim.process_space != ProcessSpace()) return std::nullopt;
  return StartOf(claim.process) == claim.process_start;
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

/// `own`: how the names of our claims begin. Sets `vanished` if a claim went while we looked:
/// it was given back, or renewed under its next name, which the look may have missed. Sets
/// `dead` if there was a claim of a dead run.
arrow::Status LookForOthers(OutputStore& store, const std::string& own, bool* vanished,
                            bool* dead) {
  *vanished = false;
  ARROW_ASSIGN_OR_RAISE(auto claims, store.List(kLeaseFolder));
  int64_t now_ns = 0;
  for (const auto& entry : claims) {
    if (entry.name.starts_with(own)) now_ns = entry.mtime_ns;
  }
  for (const auto& entry : claims) {
    if (entry.name.starts_with(own)) continue;
    auto text = store.Get(entry.name);
    if (text.status().IsKeyError()) {
      *vanished = true;
      continue;
    }
    ARROW_RETURN_NOT_OK(text.status());
    const auto claim = ParseClaim(*text);
    const bool fresh =
        now_ns - entry.mtime_ns < std::chrono::nanoseconds(Lease::kDeadAfter).count();
    const auto lives = claim ? ProcessLives(*claim) : std::nullopt;
    if (lives.value_or(fresh)) return Taken(store, entry, claim);
    ARROW_RETURN_NOT_OK(store.Delete(entry.name));
    *dead = true;
  }
  return arrow::Status::OK();
}

arrow::Status RefuseIfTaken(OutputStore& store, const std::string& own, bool* dead) {
  bool vanished = true;
  while (vanished) ARROW_RETURN_NOT_OK(LookForOthers(store, own, &vanished, dead));
  // A listing is no snapshot: it may pass the place of a new name before a renewal puts it there,
  // and that of the old one after. Renewals are too far apart for that to happen twice in a row.
  return LookForOthers(store, own, &vanished, dead);
}

std::string OwnPrefix(const std::string& id) { return std::string(kLeaseFolder) + "/" + id; }

}  // namespace

arrow::Result<std::unique_ptr<Lease>> Lease::Acquire(std::shared_ptr<OutputStore> store,
                                                     std::chrono::milliseconds renew_every) {
  std::unique_ptr<Lease> lease(new Lease(std::move(store), NewUuid(), OwnClaim(), renew_every));
  OutputStore& output = *lease->store_;
  const auto put = output.Put(lease->ClaimName(), lease->claim_);
  const auto taken = RefuseIfTaken(output, OwnPrefix(lease->id_), &lease->found_dead_);
  // A run that is just beginning clears the staging folder, and our claim with it.
  if (taken.IsInvalid()) return taken;
  if (!put.ok()) {
    return arrow::Status::IOError("cannot write to the output ", output.uri(), ": ", put.message());
  }
  ARROW_RETURN_NOT_OK(taken);
  lease->renewer_ = std::thread([renewing = lease.get()] { renewing->RenewLoop(); });
  return lease;
}

Lease::Lease(std::shared_ptr<OutputStore> store, std::string id, std::string claim,
             std::chrono::milliseconds renew_every)
    : store_(std::move(store)),
      id_(std::move(id)),
      claim_(std::move(claim)),
      renew_every_(renew_every) {}

Lease::~Lease() {
  if (renewer_.joinable()) {
    {
      std::lock_guard lock(mutex_);
      ended_ = true;
      ending_.notify_all();
    }
    renewer_.join();
  }
  // If this fails the claim ages, and the next run on this machine sees that we are gone.
  auto claims = store_->List(kLeaseFolder);
  if (!claims.ok()) return;
  for (const auto& entry : *claims) {
    if (entry.name.starts_with(OwnPrefix(id_))) (void)store_->Delete(entry.name);
  }
}

std::string Lease::ClaimName() const {
  return fmt::format("{}-{}.json", OwnPrefix(id_), renewals_);
}

arrow::Result<bool> Lease::Held() const { return store_->Exists(ClaimName()); }

arrow::Status Lease::Check() {
  std::lock_guard lock(mutex_);
  ARROW_ASSIGN_OR_RAISE(const bool held, Held());
  if (held) return arrow::Status::OK();
  return arrow::Status::ExecutionError("another run took over ", store_->uri(),
                                       ": this one was stopped, or without storage, for more than ",
                                       kDeadAfter.count(), " s");
}

void Lease::RenewLoop() {
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, renew_every_, [&] { return ended_; })) {
    // A claim that was taken away stays away: Check tells. A failed renewal is not the run's
    // end: the next may pass, and the writes themselves will say if the store is gone.
    if (!Held().ValueOr(false)) continue;
    const std::string old = ClaimName();
    ++renewals_;
    if (store_->Put(ClaimName(), claim_).ok()) {
      (void)store_->Delete(old);
    } else {
      --renewals_;
    }
  }
}

}  // namespace pomona
