#include "pomona/metrics/families.h"

#include "pomona/reject.h"
#include "pomona/shown_text.h"
#include "pomona/version.h"

namespace pomona {

using prometheus::MetricFamily;
using prometheus::MetricType;

Families::Families(const std::string& run) {
  if (!run.empty()) common_.push_back({"run", ShownUri(run)});
}

void Families::Begin(MetricType type, const char* name, const char* help) {
  families_.push_back({.name = name, .help = help, .type = type, .metric = {}});
}

void Families::Add(double value, Labels labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.label.insert(metric.label.end(), common_.begin(), common_.end());
  MetricFamily& family = families_.back();
  (family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  family.metric.push_back(std::move(metric));
}

void Families::Counter(const char* name, const char* help, int64_t value) {
  Begin(MetricType::Counter, name, help);
  Add(static_cast<double>(value));
}

void Families::Gauge(const char* name, const char* help, double value) {
  Begin(MetricType::Gauge, name, help);
  Add(value);
}

void AddRejects(Families& families, const char* help,
                const std::map<std::string, int64_t>& rejects) {
  families.Begin(MetricType::Counter, "pomona_rejects_total", help);
  for (const RejectReason reason : RejectReasons()) {
    const std::string code(RejectCode(reason));
    const auto found = rejects.find(code);
    const int64_t count = found == rejects.end() ? 0 : found->second;
    families.Add(static_cast<double>(count), {{"reason", code}});
  }
}

void AddStages(Families& families, const std::vector<StageTime>& stages) {
  families.Begin(MetricType::Counter, "pomona_stage_seconds_total",
                 "Time at work in each stage, summed over its workers.");
  for (const StageTime& stage : stages) families.Add(stage.seconds, {{"stage", stage.name}});
  families.Begin(MetricType::Gauge, "pomona_stage_workers",
                 "Workers of each stage: seconds at work per second, at most.");
  for (const StageTime& stage : stages) {
    families.Add(static_cast<double>(stage.workers), {{"stage", stage.name}});
  }
}

void AddBuildInfo(Families& families, const std::string& model, const std::string& model_digest,
                  const std::string& features, const std::string& precision) {
  families.Begin(MetricType::Gauge, "pomona_build_info", "What computes: always 1.");
  families.Add(1, {{"version", kVersion},
                   {"model", ShownText(model)},
                   {"model_digest", model_digest},
                   {"features", ShownText(features)},
                   {"precision", precision}});
}

}  // namespace pomona
