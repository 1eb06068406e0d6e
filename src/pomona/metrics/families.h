#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace pomona {

/// Families of metrics in the making. For one thread.
class Families {
 public:
  using Labels = std::vector<prometheus::ClientMetric::Label>;

  /// `run`: label of every metric; empty: none.
  explicit Families(const std::string& run = "");

  void Begin(prometheus::MetricType type, const char* name, const char* help);
  /// A value of the family that was begun last: of a counter or a gauge.
  void Add(double value, Labels labels = {});
  void Counter(const char* name, const char* help, int64_t value);
  void Gauge(const char* name, const char* help, double value);
  std::vector<prometheus::MetricFamily> Take() { return std::move(families_); }

 private:
  Labels common_;
  std::vector<prometheus::MetricFamily> families_;
};

/// `pomona_rejects_total`: of each reason that there is, also of those that `rejects` (by code) has
/// none of.
void AddRejects(Families& families, const char* help,
                const std::map<std::string, int64_t>& rejects);

/// One of the steps that an image goes through.
struct StageTime {
  const char* name;
  double seconds;   ///< at work, summed over its workers
  int64_t workers;  ///< seconds at work a second, at most
};
/// `pomona_stage_seconds_total` and `pomona_stage_workers`.
void AddStages(Families& families, const std::vector<StageTime>& stages);

/// `pomona_build_info`: what computes.
void AddBuildInfo(Families& families, const std::string& model, const std::string& model_digest,
                  const std::string& features, const std::string& precision);

}  // namespace pomona
