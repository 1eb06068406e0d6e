#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "pomona/extract.h"

namespace pomona {

/// What /metrics tells that no counter elsewhere has. Thread-safe.
class ServeMetrics {
 public:
  ServeMetrics();

  /// A reply is on its way. `path`: one of few, however many addresses clients think of.
  void Replied(const std::string& path, int status, double seconds);
  /// A stream of photos ended, with or without an error.
  void Extracted(const ExtractCounters& counters, const arrow::Status& status);
  void Reloaded(bool well);

  /// What else is known at this instant.
  struct Now {
    int64_t connections = 0;
    int64_t waiting = 0;  ///< requests that wait for a core
    Extractor& extractor;
    std::string classifier_digest;
  };
  /// All of it, as Prometheus reads it.
  std::string Text(const Now& now);

 private:
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  const double start_timestamp_;
  std::mutex mutex_;  ///< of what follows
  ExtractCounters extracted_;
  std::map<std::string, int64_t> rejects_;
  int64_t reloads_ = 0;
  int64_t failed_reloads_ = 0;
};

}  // namespace pomona
