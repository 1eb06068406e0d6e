#pragma once

#include <string>
#include <vector>

#include "simulator/old_protocol.h"
#include "simulator/schedule.h"
#include "simulator/world.h"

namespace pomona {

/// What came of a schedule.
struct Outcome {
  std::string violation;  ///< empty: nothing that must never happen
  int fired = 0;          ///< how many of its events were reached
};

/// Runs it with the protocol's code, but for what `mutation` leaves out. The same schedule gives
/// the same story. For one thread of a process.
Outcome Simulate(const Schedule& schedule, const Mutation& mutation = {},
                 std::vector<std::string>* story = nullptr);

/// The same with the protocol as it was, which had `fault`: that is a violation, and nothing else.
Outcome SimulateOld(const Schedule& schedule, OldFault fault,
                    std::vector<std::string>* story = nullptr);

}  // namespace pomona
