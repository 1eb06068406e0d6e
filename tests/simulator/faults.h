#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "simulator/world.h"

namespace pomona {

/// Looks for what is known to be wrong: the faults that the protocol had before epochs, and those
/// that it has without each of its parts. Prints the shortest story of each. False if one was not
/// found within `each`: then the simulator does not see what it is there to see.
bool FindKnownFaults(std::chrono::seconds each, bool with_stories);

/// The mutant of that name, as FindKnownFaults prints it.
std::optional<Mutation> MutantNamed(const std::string& name);

}  // namespace pomona
