#include "pomona/metrics/metric_families.h"

#include <array>
#include <string_view>
#include <utility>

#include "pomona/reject.h"
#include "pomona/shown_text.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

/// One snapshot's families in the making.
class Families {
 public:
  explicit Families(const std::string& run) {
    if (!run.empty()) common_.push_back({"run", ShownUri(run)});
  }

  void Begin(MetricType type, const char* name, const char* help) {
    families_.push_back({.name = name, .help = help, .type = type, .metric = {}});
  }
  /// A value of the family that was begun last.
  void Add(double value, Labels labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.label.insert(metric.label.end(), common_.begin(), common_.end());
    MetricFamily& family = families_.back();
    (family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    family.metric.push_back(std::move(metric));
  }
  void Counter(const char* name, const char* help, int64_t value) {
    Begin(MetricType::Counter, name, help);
    Add(static_cast<double>(value));
  }
  void Gauge(const char* name, const char* help, double value) {
    Begin(MetricType::Gauge, name, help);
    Add(value);
  }
  std::vector<MetricFamily> Take() { return std::move(families_); }

 private:
  Labels common_;
  std::vector<MetricFamily> families_;
};

void AddWork(Families& families, const RunProgress& progress) {
  const ExtractCounters& counters = progress.counters;
  families.Counter("pomona_images_total", "Images whose features this run computed.",
                   counters.images);
  families.Begin(MetricType::Counter, "pomona_rejects_total",
                 "Images of this run that have no features, by reason.");
  for (const RejectReason reason : RejectReasons()) {
    const std::string code(RejectCode(reason));
    const auto found = progress.rejects_by_reason.find(code);
    const int64_t count = found == progress.rejects_by_reason.end() ? 0 : found->second;
    families.Add(static_cast<double>(count), {{"reason", code}});
  }
  families.Counter("pomona_parts_total", "Parts of the table that this run committed.",
                   progress.parts_written);
  families.Counter("pomona_bytes_total", "Encoded image bytes fetched.", counters.bytes);
  families.Counter("pomona_requests_total", "Reads of images sent to the store, retries included.",
                   counters.requests);
  families.Counter("pomona_retries_total", "Reads of images that were tried again.",
                   counters.retries);
}

void AddStages(Families& families, const RunProgress& progress) {
  const ExtractCounters& counters = progress.counters;
  struct Stage {
    const char* name;
    double seconds;
    int64_t workers;
  };
  const std::array stages = {
      Stage{"fetch", static_cast<double>(counters.fetch_ns) * 1e-9, 1},
      Stage{"decode", static_cast<double>(counters.decode_ns) * 1e-9, counters.workers},
      Stage{"resize", static_cast<double>(counters.resize_ns) * 1e-9, counters.workers},
      Stage{"infer", static_cast<double>(counters.infer_ns) * 1e-9, counters.streams},
      Stage{"write", progress.write_seconds, 1},
  };
  families.Begin(MetricType::Counter, "pomona_stage_seconds_total",
                 "Time at work in each stage, summed over its workers.");
  for (const Stage& stage : stages) families.Add(stage.seconds, {{"stage", stage.name}});
  families.Begin(MetricType::Gauge, "pomona_stage_workers",
                 "Workers of each stage: seconds at work per second, at most.");
  for (const Stage& stage : stages) {
    families.Add(static_cast<double>(stage.workers), {{"stage", stage.name}});
  }
}

void AddSource(Families& families, const RunProgress& progress) {
  if (progress.total) {
    families.Gauge("pomona_references", "Images in the source.",
                   static_cast<double>(*progress.total));
  }
  families.Gauge("pomona_unchanged", "Images that this run found done already.",
                 static_cast<double>(progress.unchanged));
}

void AddMachine(Families& families, const MetricsSnapshot& snapshot) {
  const RunProgress& progress = snapshot.progress;
  if (progress.cores > 0) {
    families.Gauge("pomona_cores", "Cores that the run computes on.", progress.cores);
  }
  if (progress.price_per_hour > 0) {
    families.Gauge("pomona_price_per_second",
                   "Price of the machine, in the money of price_per_hour.",
                   progress.price_per_hour / 3600);
  }
  families.Gauge("pomona_peak_memory_bytes", "Most resident memory of the process so far.",
                 static_cast<double>(snapshot.peak_memory_bytes));
}

void AddState(Families& families, const MetricsSnapshot& snapshot) {
  families.Gauge("pomona_run_start_timestamp_seconds", "When the run began.",
                 snapshot.start_timestamp);
  families.Gauge("pomona_last_progress_timestamp_seconds",
                 "When an image or a part was last added; at first when the run began.",
                 snapshot.last_progress_timestamp);
  families.Gauge("pomona_run_finished", "1 once the table is finished.", snapshot.finished ? 1 : 0);
  families.Gauge("pomona_run_failed", "1 once an error or an interrupt ended the run.",
                 snapshot.failed ? 1 : 0);
}

}  // namespace

std::vector<MetricFamily> MetricFamilies(const MetricsSnapshot& snapshot) {
  const RunProgress& progress = snapshot.progress;
  Families families(snapshot.run);
  AddWork(families, progress);
  AddStages(families, progress);
  AddSource(families, progress);
  AddMachine(families, snapshot);
  AddState(families, snapshot);
  if (!progress.model.empty()) {
    families.Begin(MetricType::Gauge, "pomona_build_info", "What computes: always 1.");
    families.Add(1, {{"version", kVersion},
                     {"model", ShownText(progress.model)},
                     {"model_digest", progress.model_digest},
                     {"features", ShownText(progress.features)},
                     {"precision", progress.precision}});
  }
  return families.Take();
}

}  // namespace pomona
