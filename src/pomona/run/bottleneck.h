#pragma once

#include <map>
#include <string>

#include "pomona/extract.h"

namespace pomona {

/// Share of the time that each stage was at work, of what it could have been: "fetch" (CPU
/// time of the client, of one core), "decode" and "resize" (of the decode threads), "infer"
/// (of the engine's streams), "write" (of the one writing thread).
std::map<std::string, double> BusyShares(const ExtractCounters& counters, double write_seconds,
                                         double seconds);

/// The stage that the others wait for: "infer" when the engine is never idle; else whichever
/// of decode and write is busy; else "fetch", which mostly waits for storage itself.
std::string Bottleneck(const std::map<std::string, double>& busy);

}  // namespace pomona
