#include "pomona/table/lease.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "pomona/table/layout.h"
#include "pomona/table/uuid.h"

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
/// but not with the same start. Empty if there is no such process. Field 22 of proc(5) stat.
std::string StartOf(int64_t pid) {
  const std::string stat = FirstLine(fmt::format("/proc/{}/stat", pid));
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return "";
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

/// nullopt: it cannot be told from here.
std::optional<bool> ProcessLives(const Json& claim) {
  if (claim.value("process_space", "") != ProcessSpace()) return std::nullopt;
  return StartOf(claim.value("process", int64_t{0})) == claim.value("process_start", "?");
}

}  // namespace

arrow::Result<std::unique_ptr<Lease>> Lease::Acquire(std::shared_ptr<OutputStore> store) {
  const std::string name = std::string(kLeaseFolder) + "/" + NewUuid() + ".json";
  const std::string claim = OwnClaim();
  auto status = store->Put(name, claim);
  if (!status.ok()) {
    return arrow::Status::IOError("cannot write to the output ", store->uri(), ": ",
                                  status.message());
  }
  std::unique_ptr<Lease> lease(new Lease(std::move(store), name, claim));
  ARROW_RETURN_NOT_OK(lease->RefuseIfTaken());
  return lease;
}

Lease::Lease(std::shared_ptr<OutputStore> store, std::string name, std::string claim)
    : store_(std::move(store)), name_(std::move(name)), claim_(std::move(claim)) {
  renewer_ = std::thread([this] { RenewLoop(); });
}

Lease::~Lease() {
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
    ending_.notify_all();
  }
  renewer_.join();
  // If this fails the claim ages, and the next run on this machine sees that we are gone.
  (void)store_->Delete(name_);
}

arrow::Status Lease::RefuseIfTaken() {
  ARROW_ASSIGN_OR_RAISE(auto claims, store_->List(kLeaseFolder));
  int64_t now_ns = 0;
  for (const auto& entry : claims) {
    if (entry.name == name_) now_ns = entry.mtime_ns;
  }
  for (const auto& entry : claims) {
    if (entry.name == name_) continue;
    auto text = store_->Get(entry.name);
    if (text.status().IsKeyError()) continue;  // given back just now
    ARROW_RETURN_NOT_OK(text.status());
    const Json claim = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
    const bool readable = claim.is_object();
    const bool fresh = now_ns - entry.mtime_ns < std::chrono::nanoseconds(kDeadAfter).count();
    const auto lives = readable ? ProcessLives(claim) : std::nullopt;
    if (lives.value_or(fresh)) {
      return arrow::Status::Invalid(
          "another run is writing to ", store_->uri(), ": process ",
          readable ? claim.value("process", int64_t{0}) : 0, " on ",
          readable ? claim.value("host", "?") : "?", ", since ",
          readable ? claim.value("since", "?") : "?",
          "\nhint: wait for it, or end it; if its machine is gone, try again in ",
          kDeadAfter.count(), " s");
    }
    ARROW_RETURN_NOT_OK(store_->Delete(entry.name));
  }
  return arrow::Status::OK();
}

void Lease::RenewLoop() {
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, kRenewEvery, [&] { return ended_; })) {
    // A failed renewal is not the run's end: the next may pass, and the writes themselves
    // will say if the store is gone.
    (void)store_->Put(name_, claim_);
  }
}

}  // namespace pomona
