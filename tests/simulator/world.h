#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/fiber.h"
#include "simulator/schedule.h"
#include "simulator/simulated_tree.h"

namespace pomona {

class World;

/// What becomes of one call of a store: see Interruption.
enum class Fate { kDone, kFailed, kAnswerLost, kLate, kTwice, kGone };

/// Who looks at the store from outside, after each change, and says what must never be seen.
class Observer {
 public:
  virtual ~Observer() = default;
  /// A writer is new.
  virtual void Begin(int writer, char kind) = 0;
  /// `name`, relative to the table, was made, replaced, changed or removed (`after` is nullptr).
  virtual void Changed(int writer, const std::string& name, const NodePtr& before,
                       const NodePtr& after) = 0;
  /// A writer has listed a folder.
  virtual void Listed(int writer, const std::string& name) = 0;
  /// The last writer, that nobody disturbed, ended so.
  virtual void Ended(const arrow::Status& status) = 0;
};

/// A part of the protocol to leave out, by which the simulator shows that it would be missed.
struct Mutation {
  bool operator==(const Mutation&) const = default;
  bool no_fence = false;        ///< others' staging folders stay
  bool new_replaces = false;    ///< a file that is created replaces one of its name
  bool no_expiry = false;       ///< the server takes requests however late they come
  bool allows_at_once = false;  ///< a writer goes on without seeing its claim after its sign
  bool no_second_look = false;  ///< nobody looks for others after the claim
  bool leaves_at_once = false;  ///< a lease is given back while a request may still arrive
  bool success_first = false;   ///< `_SUCCESS` is put before orphans are removed
};

/// Writers, the store that they share and its clock. One step is one call of the store: before it,
/// the schedule says whether another writer goes on, and what becomes of the call. No threads.
class World {
 public:
  /// What a writer does, from its beginning to its end.
  using Body = std::function<arrow::Status(World& world, int writer, char kind)>;

  World(const Schedule& schedule, const Mutation& mutation, Body body);
  ~World();

  /// `tree`: what is there at first. `observer` outlives this.
  void Watch(Observer* observer, SimulatedTree tree);
  /// Runs all writers, then one of the kind `last` that nobody disturbs.
  void Run(char last = 'u');

  const Schedule& schedule() const { return schedule_; }
  const Mutation& mutation() const { return mutation_; }
  SimulatedTree& tree() { return tree_; }
  const SimulatedTree& tree() const { return tree_; }
  Observer& observer() { return *observer_; }
  /// Nanoseconds, of the store's clock.
  int64_t now_ns() const { return steady_ns_ + offset_ns_; }
  bool clock_jumped() const { return offset_ns_ != kEpochNs; }

  /// Before a call of the store.
  Fate Step(int writer, const char* call, const std::string& name);
  /// Until when the server takes a request that `writer` makes now.
  int64_t ExpiresNs(int writer, const std::string& name) const;
  /// See OutputStore::Allow: the last sign of life was put then.
  void Allowed(int writer, int64_t sign_ns);
  /// Does it once more, or at last, after as many steps as the event says.
  void Later(std::function<void()> call) { late_.push_back({late_due_, std::move(call)}); }
  /// A writer of an object store got no answer to a change, or only when it asked again.
  void Unanswered(int writer) { writers_[static_cast<size_t>(writer)].unanswered = true; }
  bool HasUnanswered(int writer) const { return writers_[static_cast<size_t>(writer)].unanswered; }
  /// A claim was put by `writer`.
  void Claimed(int writer) { writers_[static_cast<size_t>(writer)].claimed = true; }
  bool HasClaimed(int writer) const { return writers_[static_cast<size_t>(writer)].claimed; }
  /// What the other thread of a writer does every 15 seconds, from now on.
  void SetRenewal(int writer, std::function<void()> renew);
  /// Outlives all calls.
  void Keep(std::shared_ptr<void> kept) { kept_.push_back(std::move(kept)); }

  /// Something that must never happen did; only the first counts.
  void Violated(const std::string& what);
  const std::string& violation() const { return violation_; }
  /// How many of the schedule's events were reached.
  int fired() const { return fired_; }
  /// Records what happens.
  void Tell(std::vector<std::string>* story) { story_ = story; }
  bool telling() const { return story_ != nullptr; }
  void TellStep(int writer, std::string_view call, std::string_view name, std::string_view result);

 private:
  static constexpr int64_t kSecondNs = 1'000'000'000;
  static constexpr int64_t kEpochNs = 1'700'000'000 * kSecondNs;

  struct Writer {
    std::unique_ptr<Fiber> fiber;
    std::function<void()> renew;
    int step = 0;
    int renews_from = 0;  ///< the step from which on its other thread gets a turn
    int64_t renewed_ns = 0;
    int64_t expires_ns = 0;  ///< 0: never
    size_t next_event = 0;
    std::vector<Event> events;
    bool renewing = false;
    bool claimed = false;
    bool unanswered = false;
    bool asleep = false;
    bool gone = false;
    bool begun = false;
    arrow::Status status;
  };

  Fate Meet(int writer, const Event& event);
  void RenewIfDue(int writer, const std::string& name);
  void Deliver(bool all);
  void Add(char kind);
  void RunAll(bool wake);
  int Next(int from, bool sleepers) const;
  void RunLast(char kind);

  const Schedule schedule_;
  const Mutation mutation_;
  const Body body_;
  Observer* observer_ = nullptr;
  SimulatedTree tree_;
  std::vector<Writer> writers_;
  int current_ = 0;
  int switch_to_ = -1;
  int64_t steady_ns_ = 1000 * kSecondNs;
  int64_t offset_ns_ = kEpochNs;
  int64_t steps_ = 0;
  struct Late {
    int64_t due;
    std::function<void()> call;
  };
  std::vector<Late> late_;
  int64_t late_due_ = 0;
  std::vector<std::shared_ptr<void>> kept_;
  std::string violation_;
  int fired_ = 0;
  std::vector<std::string>* story_ = nullptr;
};

}  // namespace pomona
