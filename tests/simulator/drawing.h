#pragma once

#include <cstdint>

#include "simulator/schedule.h"

namespace pomona {

/// How many shapes there are: stores, beginnings, kinds of two writers, when sleepers wake, and
/// speeds.
int Shapes();
/// Two writers and no event.
Schedule ShapeOf(int shape);

/// How many kinds of interruption ListedEvent knows for a writer of `store`.
int ListedEvents();
/// The `kind`th, at `step` of `writer`.
Event ListedEvent(int kind, int writer, int step);

/// Two or three writers and one to five events, by a seed.
Schedule DrawSchedule(uint64_t seed);

}  // namespace pomona
