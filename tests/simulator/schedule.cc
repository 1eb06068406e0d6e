#include "simulator/schedule.h"

#include <array>
#include <sstream>
#include <string_view>

namespace pomona {
namespace {

constexpr std::array<const char*, kStoreKinds> kStoreNames = {"local",    "hdfs",       "s3",
                                                              "s3-plain", "s3-listing", "objects"};
constexpr std::array<const char*, kInterruptions> kNames = {
    "switch", "freeze", "kill", "fail", "lose", "late", "twice", "clock", "stale"};

template <size_t kSize>
int PlaceOf(const std::array<const char*, kSize>& names, std::string_view name) {
  for (size_t i = 0; i < kSize; ++i) {
    if (name == names[i]) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

const char* NameOf(StoreKind store) { return kStoreNames[static_cast<size_t>(store)]; }
const char* NameOf(Interruption what) { return kNames[static_cast<size_t>(what)]; }

std::string ToText(const Schedule& schedule) {
  std::ostringstream text;
  text << NameOf(schedule.store) << (schedule.finished ? " finished " : " empty ")
       << schedule.writers << (schedule.wake_late ? " late" : " early")
       << (schedule.slow ? " slow" : " quick");
  for (const auto& event : schedule.events) {
    text << "; " << NameOf(event.what) << ' ' << event.writer << ' ' << event.step << ' '
         << event.number;
  }
  return text.str();
}

std::optional<Schedule> ParseSchedule(const std::string& text) {
  std::istringstream all(text);
  std::string piece, store, start, late, speed;
  if (!std::getline(all, piece, ';')) return std::nullopt;
  Schedule schedule;
  std::istringstream head(piece);
  head >> store >> start >> schedule.writers >> late >> speed;
  const int kind = PlaceOf(kStoreNames, store);
  if (head.fail() || kind < 0) return std::nullopt;
  schedule.store = static_cast<StoreKind>(kind);
  schedule.finished = start == "finished";
  schedule.wake_late = late == "late";
  schedule.slow = speed == "slow";
  while (std::getline(all, piece, ';')) {
    std::istringstream fields(piece);
    std::string what;
    Event event;
    fields >> what >> event.writer >> event.step >> event.number;
    const int place = PlaceOf(kNames, what);
    if (fields.fail() || place < 0) return std::nullopt;
    event.what = static_cast<Interruption>(place);
    schedule.events.push_back(event);
  }
  return schedule;
}

}  // namespace pomona
