#include "simulator/search.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "simulator/drawing.h"

namespace pomona {

bool Search::TimeIsUp() const { return std::chrono::steady_clock::now() >= until_; }

std::optional<Found> Search::Try(const Schedule& schedule, int* fired) {
  const Outcome outcome = run_(schedule);
  *fired = outcome.fired;
  if (outcome.violation.empty()) return std::nullopt;
  return Found{.schedule = schedule, .violation = outcome.violation, .seed = std::nullopt};
}

std::optional<Found> Search::Find() {
  auto found = FindAny();
  if (found) Shorten(*found);
  return found;
}

/// Leaves out what the story does not need.
void Search::Shorten(Found& found) const {
  for (size_t i = 0; i < found.schedule.events.size();) {
    Schedule shorter = found.schedule;
    shorter.events.erase(shorter.events.begin() + static_cast<int64_t>(i));
    const Outcome outcome = run_(shorter);
    if (outcome.violation.empty()) {
      ++i;
      continue;
    }
    found.schedule = shorter;
    found.violation = outcome.violation;
  }
}

std::optional<Found> Search::FindAny() {
  const auto begun = std::chrono::steady_clock::now();
  until_ = begun + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                       (options_.deadline - begun) * options_.singles_and_doubles);
  if (auto found = Singles()) return found;
  if (auto found = Doubles()) return found;
  until_ = options_.deadline;
  return Drawn();
}

/// Where little is promised, drawn schedules are enough.
bool Search::IsWanted(const Schedule& schedule) const {
  return options_.wants ? options_.wants(schedule) : IsStrict(schedule.store);
}

std::optional<Found> Search::Singles() {
  int64_t item = 0;
  for (int shape = 0; shape < Shapes(); ++shape) {
    Schedule schedule = ShapeOf(shape);
    if (!IsWanted(schedule)) continue;
    for (int kind = 0; kind < ListedEvents(); ++kind) {
      if (!IsMine(item++)) continue;
      int fired = 1;
      for (int step = 1; fired == 1; ++step) {
        if (TimeIsUp()) return std::nullopt;
        schedule.events = {ListedEvent(kind, 0, step)};
        ++singles_;
        if (auto found = Try(schedule, &fired)) return found;
      }
    }
  }
  return std::nullopt;
}

/// Each pair of interruptions: of the first writer and then of the second, or of the first twice.
/// Shapes and kinds take turns, so that the first of each come first.
std::optional<Found> Search::Doubles() {
  std::vector<Schedule> shapes;
  for (int shape = 0; shape < Shapes(); ++shape) {
    Schedule schedule = ShapeOf(shape);
    if (IsWanted(schedule)) shapes.push_back(std::move(schedule));
  }
  const int kinds = ListedEvents();
  int64_t item = 0;
  for (int rank = 0; rank < static_cast<int>(shapes.size()) + 2 * kinds; ++rank) {
    for (int first = 0; first < kinds; ++first) {
      for (int second = 0; second < kinds; ++second) {
        const int shape = rank - first - second;
        if (shape < 0 || shape >= static_cast<int>(shapes.size())) continue;
        for (const int writer : {1, 0}) {
          if (!IsMine(item++)) continue;
          if (auto found = Pairs(shapes[static_cast<size_t>(shape)], first, second, writer)) {
            return found;
          }
        }
      }
    }
  }
  return std::nullopt;
}

std::optional<Found> Search::Pairs(Schedule schedule, int first, int second, int writer) {
  int reached = 1;
  for (int i = 1; reached > 0; ++i) {
    reached = 0;
    int fired = 2;
    for (int j = writer == 0 ? i + 1 : 1; fired == 2; ++j) {
      if (TimeIsUp()) return std::nullopt;
      schedule.events = {ListedEvent(first, 0, i), ListedEvent(second, writer, j)};
      ++doubles_;
      if (auto found = Try(schedule, &fired)) return found;
      reached = std::max(reached, fired);
    }
  }
  return std::nullopt;
}

std::optional<Found> Search::Drawn() {
  for (uint64_t i = 0; !TimeIsUp(); ++i) {
    const uint64_t seed = options_.seed + i * static_cast<uint64_t>(options_.workers) +
                          static_cast<uint64_t>(options_.worker);
    const Schedule schedule = DrawSchedule(seed);
    if (options_.wants && !options_.wants(schedule)) continue;
    ++drawn_;
    int fired = 0;
    if (auto found = Try(schedule, &fired)) {
      found->seed = seed;
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace pomona
