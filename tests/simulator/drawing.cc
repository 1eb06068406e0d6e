#include "simulator/drawing.h"

#include <array>

namespace pomona {
namespace {

struct Listed {
  Interruption what;
  int64_t number;
};
/// The numbers are on both sides of what the protocol goes by: 15, 45 and 60 seconds, and the
/// length of a run, which is about 60 steps.
constexpr std::array kListed = {
    Listed{Interruption::kFreeze, 61},   Listed{Interruption::kSwitch, -1},
    Listed{Interruption::kKill, 61},     Listed{Interruption::kFail, 0},
    Listed{Interruption::kLose, 0},      Listed{Interruption::kLate, 40},
    Listed{Interruption::kTwice, 40},    Listed{Interruption::kFreeze, 1000},
    Listed{Interruption::kFreeze, 30},   Listed{Interruption::kClock, 3600},
    Listed{Interruption::kClock, -3600}, Listed{Interruption::kFreeze, 50},
};
constexpr std::array<const char*, 6> kWriters = {"uu", "rr", "uo", "ou", "ru", "oo"};

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  /// 0 to `end` - 1.
  int64_t Below(int64_t end) {
    // splitmix64
    state_ += 0x9e3779b97f4a7c15U;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    mixed ^= mixed >> 31U;
    return static_cast<int64_t>(mixed % static_cast<uint64_t>(end));
  }

 private:
  uint64_t state_;
};

}  // namespace

int Shapes() { return kStoreKinds * 2 * 2 * 2 * static_cast<int>(kWriters.size()); }

Schedule ShapeOf(int shape) {
  Schedule schedule;
  schedule.store = static_cast<StoreKind>(shape % kStoreKinds);
  shape /= kStoreKinds;
  schedule.wake_late = shape % 2 == 1;
  shape /= 2;
  schedule.finished = shape % 2 == 1;
  shape /= 2;
  schedule.writers = kWriters[static_cast<size_t>(shape) % kWriters.size()];
  schedule.slow = static_cast<size_t>(shape) >= kWriters.size();
  return schedule;
}

int ListedEvents() { return static_cast<int>(kListed.size()); }

Event ListedEvent(int kind, int writer, int step) {
  const Listed& listed = kListed[static_cast<size_t>(kind)];
  const int64_t number = listed.what == Interruption::kSwitch ? 1 - writer : listed.number;
  return {.writer = writer, .step = step, .what = listed.what, .number = number};
}

Schedule DrawSchedule(uint64_t seed) {
  constexpr int kSteps = 110, kNear = 12;
  constexpr std::array kSeconds = {1, 16, 30, 44, 46, 50, 59, 61, 61, 61, 75, 200, 1000};
  Random random(seed);
  Schedule schedule;
  schedule.store = static_cast<StoreKind>(random.Below(kStoreKinds));
  schedule.finished = random.Below(2) == 1;
  schedule.wake_late = random.Below(4) == 0;
  schedule.slow = random.Below(3) == 0;
  const auto writers = 2 + random.Below(2);
  schedule.writers.clear();
  for (int64_t i = 0; i < writers; ++i) schedule.writers += "uuro"[random.Below(4)];
  int last = 0;
  int64_t events = 1 + random.Below(5);
  if (random.Below(3) == 0) {
    // One sleeps, wakes up within another's run, and is stopped there once more.
    const int slept = 1 + static_cast<int>(random.Below(kSteps));
    last = 1 + static_cast<int>(random.Below(kSteps));
    schedule.events = {{.writer = 0, .step = slept, .what = Interruption::kFreeze, .number = 61},
                       {.writer = 1, .step = last, .what = Interruption::kSwitch, .number = 0},
                       {.writer = 0,
                        .step = slept + 1 + static_cast<int>(random.Below(3 * kNear)),
                        .what = Interruption::kSwitch,
                        .number = 1}};
    events = random.Below(3);
  }
  for (int64_t i = 0; i < events; ++i) {
    Event event;
    event.writer = static_cast<int>(random.Below(writers));
    // Often near the event before: what comes between two steps of one change is what counts.
    event.step = last > 0 && random.Below(2) == 0
                     ? last + static_cast<int>(random.Below(2 * kNear)) - kNear
                     : 1 + static_cast<int>(random.Below(kSteps));
    last = event.step;
    const auto what = random.Below(14);
    if (what < 5) {
      event.what = Interruption::kFreeze;
      event.number = kSeconds[static_cast<size_t>(random.Below(kSeconds.size()))];
    } else if (what < 8) {
      event.what = Interruption::kSwitch;
      event.number = random.Below(writers);
    } else {
      event.what = static_cast<Interruption>(2 + random.Below(kInterruptions - 2));
      event.number = event.what == Interruption::kKill || event.what == Interruption::kClock
                         ? kSeconds[static_cast<size_t>(random.Below(kSeconds.size()))]
                         : 1 + random.Below(kSteps);
      if (event.what == Interruption::kClock && random.Below(2) == 0) event.number *= -60;
    }
    schedule.events.push_back(event);
  }
  return schedule;
}

}  // namespace pomona
