#include "simulator/simulation.h"

#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <memory>

#include "simulator/outside_reader.h"
#include "simulator/simulated_writer.h"

namespace pomona {
namespace {

/// What NewUuid takes its bytes from: the same in each simulation.
uint64_t random_state = 0;

int FakeRandomBytes(unsigned char* bytes, int count) {
  for (int i = 0; i < count; ++i) {
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    bytes[i] = static_cast<unsigned char>(random_state >> 56U);
  }
  return 1;
}

void BeginRandom(uint64_t seed) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  static const RAND_METHOD kMethod = {.seed = nullptr,
                                      .bytes = FakeRandomBytes,
                                      .cleanup = nullptr,
                                      .add = nullptr,
                                      .pseudorand = FakeRandomBytes,
                                      .status = [] { return 1; }};
  static const int kSet = RAND_set_rand_method(&kMethod);
#pragma GCC diagnostic pop
  (void)kSet;
  random_state = seed;
}

/// A table that one run finished.
struct Start {
  explicit Start(StoreKind store)
      : world({.store = store, .finished = false, .writers = "", .events = {}}, {},
              WriteSimulatedTable),
        reader(world) {
    world.Watch(&reader, {});
    world.Run('r');
  }
  World world;
  OutsideReader reader;
};

const Start& StartOf(StoreKind store) {
  static std::array<std::unique_ptr<Start>, kStoreKinds> starts;
  auto& start = starts[static_cast<size_t>(store)];
  if (start == nullptr) start = std::make_unique<Start>(store);
  return *start;
}

/// Elsewhere a table may be damaged in the end, for all to see, and the same command that was
/// interrupted begins it anew.
bool CanContinue(const Schedule& schedule) {
  return IsStrict(schedule.store) && schedule.writers.find('o') == std::string::npos;
}

}  // namespace

Outcome Simulate(const Schedule& schedule, const Mutation& mutation,
                 std::vector<std::string>* story) {
  BeginRandom(1);
  const Start* start = schedule.finished ? &StartOf(schedule.store) : nullptr;
  BeginRandom(2);
  World world(schedule, mutation, WriteSimulatedTable);
  world.Tell(story);
  OutsideReader reader = start ? OutsideReader(world, start->reader) : OutsideReader(world);
  world.Watch(&reader, start ? start->world.tree().Copy() : SimulatedTree());
  world.Run(CanContinue(schedule) ? 'u' : 'o');
  return {.violation = world.violation(), .fired = world.fired()};
}

Outcome SimulateOld(const Schedule& schedule, OldFault fault, std::vector<std::string>* story) {
  BeginRandom(1);
  World world(schedule, {}, WriteOldTable);
  world.Tell(story);
  OldReader reader(world, fault);
  world.Watch(&reader, {});
  world.Run();
  return {.violation = world.violation(), .fired = world.fired()};
}

}  // namespace pomona
