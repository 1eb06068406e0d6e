#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pomona {

/// What kind of store the writers share.
enum class StoreKind {
  kLocal,      ///< a rename replaces; one that does not, is asked for
  kHdfs,       ///< a rename never replaces; a file that is created makes the folders above it
  kS3,         ///< conditional writes; requests that the server refuses when they come too late
  kS3Plain,    ///< the same without conditional writes
  kS3Listing,  ///< as kS3, where a new name shows in listings after some seconds
  kObjects,    ///< neither conditional writes nor requests that end
};
inline constexpr int kStoreKinds = 6;

/// Whether nothing that a reader sees is ever wrong there. On the others it is promised that only
/// our own names are removed, and that the table can be begun anew and is sound then.
inline bool IsStrict(StoreKind store) {
  return store == StoreKind::kLocal || store == StoreKind::kHdfs || store == StoreKind::kS3;
}

/// What a call of a store may meet.
enum class Interruption {
  kSwitch,  ///< another writer goes on; one that sleeps is woken
  kFreeze,  ///< this writer sleeps for `number` seconds, or until it is woken
  kKill,    ///< this writer is gone, for `number` seconds
  kFail,    ///< nothing is done, and the writer gets an error
  kLose,    ///< it is done, and the writer gets an error
  kLate,    ///< the writer gets an error; it is done `number` steps later (object stores)
  kTwice,   ///< it is done, and again `number` steps later (object stores)
  kClock,   ///< the store's clock jumps by `number` seconds (local disks)
  kStale,   ///< the thread that renews gets no turn for `number` steps of this writer
};
inline constexpr int kInterruptions = 9;

struct Event {
  int writer = 0;
  int step = 0;  ///< the writer's own, from 1
  Interruption what = Interruption::kSwitch;
  int64_t number = 0;  ///< of kSwitch: which writer
};

/// How a table is written by several, step by step: everything that happens follows from this.
struct Schedule {
  StoreKind store = StoreKind::kLocal;
  bool finished = false;  ///< there is a finished table at first
  /// One letter a writer: 'r' continues a table, 'u' updates it, 'o' overwrites it.
  std::string writers = "rr";
  /// Whether writers that still sleep in the end wake up before or after the last, undisturbed one.
  bool wake_late = false;
  /// A call takes two seconds instead of a hundredth: a run is long, and its sign of life is
  /// renewed.
  bool slow = false;
  std::vector<Event> events;
};

/// "local finished uu late quick; freeze 0 17 61; switch 1 30 0", as `simulate --schedule` takes
/// it.
std::string ToText(const Schedule& schedule);
std::optional<Schedule> ParseSchedule(const std::string& text);

const char* NameOf(StoreKind store);
const char* NameOf(Interruption what);

}  // namespace pomona
