#include "pomona/run/bottleneck.h"

#include <algorithm>

namespace pomona {

std::map<std::string, double> BusyShares(const ExtractCounters& counters, double write_seconds,
                                         double seconds) {
  const auto share = [&](double busy_seconds, double workers) {
    return seconds > 0 ? std::clamp(busy_seconds / (seconds * workers), 0.0, 1.0) : 0.0;
  };
  const auto workers = static_cast<double>(counters.workers);
  return {
      {"fetch", share(static_cast<double>(counters.fetch_ns) * 1e-9, 1)},
      {"decode", share(static_cast<double>(counters.decode_ns) * 1e-9, workers)},
      {"resize", share(static_cast<double>(counters.resize_ns) * 1e-9, workers)},
      {"infer",
       share(static_cast<double>(counters.infer_ns) * 1e-9, static_cast<double>(counters.streams))},
      {"write", share(write_seconds, 1)},
  };
}

std::string Bottleneck(const std::map<std::string, double>& busy) {
  constexpr double kNeverIdle = 0.8;
  constexpr double kBusy = 0.5;
  if (busy.at("infer") >= kNeverIdle) return "infer";
  if (busy.at("decode") + busy.at("resize") >= kBusy) return "decode";
  if (busy.at("write") >= kBusy) return "write";
  return "fetch";
}

}  // namespace pomona
