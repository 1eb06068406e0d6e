#include "simulator/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "simulator/search.h"
#include "simulator/simulation.h"

namespace pomona {
namespace {

using RunAndTell = std::function<Outcome(const Schedule&, std::vector<std::string>*)>;

bool FindOne(const std::string& name, const RunAndTell& run, StoreKind store, bool slow,
             std::chrono::seconds each, bool with_story) {
  // Two that update a new table, and see to the end what the other leaves: few shapes, soon done.
  const auto wants = [store, slow](const Schedule& schedule) {
    return schedule.store == store && schedule.writers == "uu" && !schedule.finished &&
           !schedule.wake_late && schedule.slow == slow;
  };
  const auto begun = std::chrono::steady_clock::now();
  Search search([&](const Schedule& schedule) { return run(schedule, nullptr); },
                {.deadline = begun + each, .wants = wants, .singles_and_doubles = 0.5});
  const auto found = search.Find();
  const auto tried = search.singles() + search.doubles() + search.drawn();
  if (!found) {
    std::cout << fmt::format("NOT FOUND: {} ({} schedules)\n", name, tried);
    return false;
  }
  std::cout << fmt::format("found: {}, by schedule {} of the search: {}\n", name, tried,
                           ToText(found->schedule));
  if (!with_story) return true;
  std::vector<std::string> story;
  (void)run(found->schedule, &story);
  for (const auto& line : story) std::cout << "    " << line << "\n";
  return true;
}

struct Mutant {
  const char* name;
  Mutation mutation;
  StoreKind store;
};

std::vector<Mutant> Mutants() {
  return {
      {"no fence on a local disk", {.no_fence = true}, StoreKind::kLocal},
      {"no fence on HDFS", {.no_fence = true}, StoreKind::kHdfs},
      // Not on S3: that requests end is enough there, as on stores without conditional writes.
      {"PutNew replaces, on a local disk", {.new_replaces = true}, StoreKind::kLocal},
      {"PutNew replaces, on HDFS", {.new_replaces = true}, StoreKind::kHdfs},
      {"requests do not end, on S3", {.no_expiry = true}, StoreKind::kS3},
      {"a writer does not look at its claim after its sign, on S3",
       {.allows_at_once = true},
       StoreKind::kS3},
      // Nor this one: who slept before its claim can claim no more.
      {"nobody looks after the claim, on a local disk",
       {.no_second_look = true},
       StoreKind::kLocal},
      {"a lease is given back while a request may arrive, on S3",
       {.leaves_at_once = true},
       StoreKind::kS3},
      {"_SUCCESS before orphans are removed", {.success_first = true}, StoreKind::kLocal},
  };
}

}  // namespace

std::optional<Mutation> MutantNamed(const std::string& name) {
  for (const auto& mutant : Mutants()) {
    if (name == mutant.name) return mutant.mutation;
  }
  return std::nullopt;
}

bool FindKnownFaults(std::chrono::seconds each, bool with_stories) {
  bool all = true;
  for (int i = 0; i < kOldFaults; ++i) {
    const auto fault = static_cast<OldFault>(i);
    const auto run = [fault](const Schedule& schedule, std::vector<std::string>* story) {
      // That requests come late, or twice, it did not claim to withstand.
      const bool late = std::ranges::any_of(schedule.events, [](const Event& event) {
        return event.what == Interruption::kLate || event.what == Interruption::kTwice;
      });
      if (late) return Outcome{.violation = "", .fired = 0};
      return SimulateOld(schedule, fault, story);
    };
    const bool slow = fault == OldFault::kHoldsWithOther;  // while it renews
    all = FindOne(std::string("before epochs, a late run ") + NameOf(fault), run,
                  StoreKind::kObjects, slow, each, with_stories) &&
          all;
  }
  for (const auto& mutant : Mutants()) {
    const auto run = [&](const Schedule& schedule, std::vector<std::string>* story) {
      return Simulate(schedule, mutant.mutation, story);
    };
    all = FindOne(mutant.name, run, mutant.store, false, each, with_stories) && all;
  }
  return all;
}

}  // namespace pomona
