#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "simulator/schedule.h"
#include "simulator/simulation.h"

namespace pomona {

/// A schedule in which something happened that must not.
struct Found {
  Schedule schedule;
  std::string violation;
  std::optional<uint64_t> seed;  ///< of a drawn one
};

/// Runs schedules one after another: those with one interruption, then those with two, then drawn
/// ones, until one is found or there is no time. So what is found first has the shortest story.
class Search {
 public:
  using Run = std::function<Outcome(const Schedule&)>;
  struct Options {
    std::chrono::steady_clock::time_point deadline;
    uint64_t seed = 1;
    /// This is one of so many, and takes its share of what is enumerated.
    int worker = 0;
    int workers = 1;
    /// Whether to look at schedules of this shape; all, if it is empty.
    std::function<bool(const Schedule&)> wants = {};
    double singles_and_doubles = 0.6;  ///< of the time; the rest is for drawn ones
  };

  Search(Run run, Options options) : run_(std::move(run)), options_(std::move(options)) {}

  std::optional<Found> Find();
  int64_t singles() const { return singles_; }
  int64_t doubles() const { return doubles_; }
  int64_t drawn() const { return drawn_; }

 private:
  std::optional<Found> FindAny();
  void Shorten(Found& found) const;
  std::optional<Found> Singles();
  std::optional<Found> Doubles();
  std::optional<Found> Pairs(Schedule schedule, int first, int second, int writer);
  std::optional<Found> Drawn();
  /// Counts the events that were reached in `fired`.
  std::optional<Found> Try(const Schedule& schedule, int* fired);
  bool TimeIsUp() const;
  bool IsWanted(const Schedule& schedule) const;
  bool IsMine(int64_t item) const { return item % options_.workers == options_.worker; }

  const Run run_;
  const Options options_;
  std::chrono::steady_clock::time_point until_;
  int64_t singles_ = 0;
  int64_t doubles_ = 0;
  int64_t drawn_ = 0;
};

}  // namespace pomona
