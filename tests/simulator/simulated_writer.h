#pragma once

#include <arrow/status.h>

#include <string>

#include "simulator/world.h"

namespace pomona {

/// How many parts a simulated table has.
inline constexpr int kSimulatedParts = 2;

/// One run that writes a table, from its look at what is there to the end of its lease: the code of
/// Run but for what it extracts. A part is a file that says which version of its rows it holds; the
/// writer makes those that are missing, and makes older ones anew. `kind`: see Schedule::writers.
arrow::Status WriteSimulatedTable(World& world, int writer, char kind);

/// Which version of the rows a writer makes: those who change a table a higher one than those
/// before them.
int VersionOf(int writer, char kind);

/// The version that a part's bytes hold.
int VersionIn(const std::string& bytes);

}  // namespace pomona
