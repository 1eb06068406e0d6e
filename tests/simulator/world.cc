#include "simulator/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "pomona/table/layout.h"
#include "pomona/table/lease.h"

namespace pomona {
namespace {

constexpr int64_t kStepNs = 10'000'000;
constexpr int64_t kSlowStepNs = 2'000'000'000;
constexpr int64_t kRenewEveryNs = std::chrono::nanoseconds(Lease::kRenewEvery).count();
/// After the last sign of life was put: less than others wait before they take over.
constexpr int64_t kRequestsLastNs = 45'000'000'000;
constexpr int64_t kBeforeLastWriterNs = 120'000'000'000;
/// What a server takes of a request that says no end.
constexpr int64_t kSignaturesLastNs = 900'000'000'000;
/// So that no sign is young because a clock went back.
constexpr int64_t kAfterAllJumpsNs = 1'000'000'000'000'000;

bool IsUploads(StoreKind store) { return store != StoreKind::kLocal && store != StoreKind::kHdfs; }

/// Uuids are long, and their first digits tell them apart.
std::string Shortened(std::string_view name) {
  constexpr size_t kUuid = 36, kShown = 4;
  std::string text;
  for (size_t i = 0; i < name.size();) {
    const std::string_view rest = name.substr(i, kUuid);
    if (rest.size() == kUuid && rest[8] == '-' && rest[13] == '-' && rest[23] == '-') {
      text += std::string(rest.substr(0, kShown)) + "~";
      i += kUuid;
    } else {
      text += name[i++];
    }
  }
  return text;
}

}  // namespace

World::World(const Schedule& schedule, const Mutation& mutation, Body body)
    : schedule_(schedule), mutation_(mutation), body_(std::move(body)) {
  writers_.reserve(schedule_.writers.size() + 2);  // references to them must hold
}

World::~World() = default;

void World::Watch(Observer* observer, SimulatedTree tree) {
  observer_ = observer;
  tree_ = std::move(tree);
}

void World::Add(char kind) {
  const int number = static_cast<int>(writers_.size());
  Writer& writer = writers_.emplace_back();
  for (const auto& event : schedule_.events) {
    if (event.writer == number) writer.events.push_back(event);
  }
  std::ranges::stable_sort(writer.events, {}, &Event::step);
  observer_->Begin(number, kind);
  writer.fiber = std::make_unique<Fiber>([this, number, kind] {
    writers_[static_cast<size_t>(number)].status = body_(*this, number, kind);
  });
}

int World::Next(int from, bool sleepers) const {
  const int count = static_cast<int>(writers_.size());
  for (int i = 0; i < count; ++i) {
    const int number = (from + i) % count;
    const Writer& writer = writers_[static_cast<size_t>(number)];
    if (!writer.fiber->ended() && (sleepers || !writer.asleep)) return number;
  }
  return -1;
}

void World::RunAll(bool wake) {
  for (;;) {
    if (switch_to_ >= 0 && writers_[static_cast<size_t>(switch_to_)].fiber->ended())
      switch_to_ = -1;
    int next = std::exchange(switch_to_, -1);
    if (next < 0) next = Next(current_, false);
    if (next < 0 && (wake || !violation_.empty())) next = Next(0, true);
    if (next < 0) return;
    Writer& writer = writers_[static_cast<size_t>(next)];
    if (std::exchange(writer.asleep, false) && telling()) TellStep(next, "WAKES UP", "", "");
    if (!std::exchange(writer.begun, true)) steady_ns_ += kSecondNs;
    current_ = next;
    writer.fiber->Resume();
    if (!writer.fiber->ended()) continue;
    if (telling()) TellStep(next, "ENDS", "", writer.status.ok() ? "OK" : writer.status.message());
  }
}

void World::Run(char last) {
  for (const char kind : schedule_.writers) Add(kind);
  RunAll(/*wake=*/!schedule_.wake_late);
  if (schedule_.wake_late && Next(0, true) >= 0) {
    RunLast(last);
    RunAll(/*wake=*/true);
  }
  RunLast(last);
}

void World::RunLast(char kind) {
  if (!violation_.empty()) return;
  // What the server still takes arrives now, or no more.
  Deliver(/*all=*/true);
  steady_ns_ += clock_jumped() ? kAfterAllJumpsNs : kBeforeLastWriterNs;
  const auto number = writers_.size();
  Add(kind);
  writers_[number].begun = true;
  current_ = static_cast<int>(number);
  writers_[number].fiber->Resume();
  const arrow::Status& status = writers_[number].status;
  if (telling()) TellStep(current_, "ENDS", "", status.ok() ? "OK" : status.message());
  if (violation_.empty()) observer_->Ended(status);
}

void World::Deliver(bool all) {
  for (size_t i = 0; i < late_.size();) {
    if (!all && late_[i].due > steps_) {
      ++i;
      continue;
    }
    const auto call = std::move(late_[i].call);
    late_.erase(late_.begin() + static_cast<int64_t>(i));
    call();
  }
}

void World::RenewIfDue(int number, const std::string& name) {
  Writer& writer = writers_[static_cast<size_t>(number)];
  // Near the lease the writer may hold its lock, and its other thread would wait: also where it
  // asks why a sign could not be put, by a look at its own folder.
  if (!writer.renew || writer.renewing || writer.step < writer.renews_from ||
      steady_ns_ - writer.renewed_ns < kRenewEveryNs || name.find("lease") != name.npos ||
      IsUuid(SimulatedTree::BaseOf(name))) {
    return;
  }
  writer.renewing = true;
  writer.renewed_ns = steady_ns_;
  writer.renew();
  writer.renewing = false;
}

Fate World::Step(int number, const char* call, const std::string& name) {
  Writer& writer = writers_[static_cast<size_t>(number)];
  if (!writer.gone && violation_.empty()) RenewIfDue(number, name);
  if (writer.gone || !violation_.empty()) return Fate::kGone;
  ++writer.step;
  ++steps_;
  const bool disturbed = number < static_cast<int>(schedule_.writers.size());
  steady_ns_ += schedule_.slow && disturbed ? kSlowStepNs : kStepNs;
  if (!late_.empty()) Deliver(/*all=*/false);
  Fate fate = Fate::kDone;
  const int step = writer.step;
  while (writer.next_event < writer.events.size() &&
         writer.events[writer.next_event].step <= step) {
    const Event& event = writer.events[writer.next_event++];
    if (event.step < step) continue;
    ++fired_;
    if (telling()) {
      TellStep(number, fmt::format("MEETS {} {}", NameOf(event.what), event.number),
               fmt::format("before {} {}", call, Shortened(name)), "");
    }
    fate = Meet(number, event);
    if (writer.gone || !violation_.empty()) return Fate::kGone;
  }
  return fate;
}

Fate World::Meet(int number, const Event& event) {
  Writer& writer = writers_[static_cast<size_t>(number)];
  switch (event.what) {
    case Interruption::kSwitch:
      switch_to_ = static_cast<int>(event.number);
      writer.fiber->Yield();
      return Fate::kDone;
    case Interruption::kFreeze:
      writer.asleep = true;
      steady_ns_ += event.number * kSecondNs;
      writer.fiber->Yield();
      return Fate::kDone;
    case Interruption::kKill:
      writer.gone = true;
      steady_ns_ += event.number * kSecondNs;
      return Fate::kGone;
    case Interruption::kFail:
      return Fate::kFailed;
    case Interruption::kLose:
      return Fate::kAnswerLost;
    case Interruption::kLate:
    case Interruption::kTwice:
      if (!IsUploads(schedule_.store)) return Fate::kDone;
      late_due_ = steps_ + event.number;
      return event.what == Interruption::kLate ? Fate::kLate : Fate::kTwice;
    case Interruption::kClock:
      if (schedule_.store == StoreKind::kLocal) offset_ns_ += event.number * kSecondNs;
      return Fate::kDone;
    case Interruption::kStale:
      writer.renews_from = writer.step + static_cast<int>(event.number);
      return Fate::kDone;
  }
  return Fate::kDone;
}

int64_t World::ExpiresNs(int writer, const std::string& name) const {
  const bool ends = schedule_.store == StoreKind::kS3 || schedule_.store == StoreKind::kS3Plain ||
                    schedule_.store == StoreKind::kS3Listing;
  if (!ends || mutation_.no_expiry) return std::numeric_limits<int64_t>::max();
  // Signs and claims are changed at any time, as what else is until somebody else may come.
  const int64_t expires = writers_[static_cast<size_t>(writer)].expires_ns;
  const bool any_time = expires == 0 || name.find("lease/") != name.npos;
  return any_time ? now_ns() + kSignaturesLastNs : expires;
}

void World::Allowed(int writer, int64_t sign_ns) {
  writers_[static_cast<size_t>(writer)].expires_ns = sign_ns + kRequestsLastNs;
}

void World::SetRenewal(int number, std::function<void()> renew) {
  Writer& writer = writers_[static_cast<size_t>(number)];
  writer.renew = std::move(renew);
  writer.renewed_ns = steady_ns_;
}

void World::Violated(const std::string& what) {
  if (!violation_.empty()) return;
  violation_ = what;
  if (telling()) story_->push_back("      VIOLATED: " + Shortened(what));
}

void World::TellStep(int writer, std::string_view call, std::string_view name,
                     std::string_view result) {
  const bool last = writer >= static_cast<int>(schedule_.writers.size());
  story_->push_back(fmt::format(
      "{:5} {:9.2f} s  {}  {} {}{}{}", steps_, static_cast<double>(now_ns() - kEpochNs) * 1e-9,
      last ? "last" : fmt::format("{:>4}", writer), call, Shortened(name),
      result.empty() ? "" : ": ", Shortened(result.substr(0, result.find('\n')))));
}

}  // namespace pomona
