#include "pomona/metrics/metric_families.h"

#include "pomona/metrics/families.h"

namespace pomona {
namespace {

using prometheus::MetricFamily;

void AddWork(Families& families, const RunProgress& progress) {
  const ExtractCounters& counters = progress.counters;
  families.Counter("pomona_images_total", "Images whose features this run computed.",
                   counters.images);
  AddRejects(families, "Images of this run that have no features, by reason.",
             progress.rejects_by_reason);
  families.Counter("pomona_parts_total", "Parts of the table that this run committed.",
                   progress.parts_written);
  families.Counter("pomona_bytes_total", "Encoded image bytes fetched.", counters.bytes);
  families.Counter("pomona_requests_total", "Reads of images sent to the store, retries included.",
                   counters.requests);
  families.Counter("pomona_retries_total", "Reads of images that were tried again.",
                   counters.retries);
}

void AddRunStages(Families& families, const RunProgress& progress) {
  const ExtractCounters& counters = progress.counters;
  AddStages(families, {{"fetch", static_cast<double>(counters.fetch_ns) * 1e-9, 1},
                       {"decode", static_cast<double>(counters.decode_ns) * 1e-9, counters.workers},
                       {"resize", static_cast<double>(counters.resize_ns) * 1e-9, counters.workers},
                       {"infer", static_cast<double>(counters.infer_ns) * 1e-9, counters.streams},
                       {"write", progress.write_seconds, 1}});
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
  AddRunStages(families, progress);
  AddSource(families, progress);
  AddMachine(families, snapshot);
  AddState(families, snapshot);
  if (!progress.model.empty()) {
    AddBuildInfo(families, progress.model, progress.model_digest, progress.features,
                 progress.precision);
  }
  return families.Take();
}

}  // namespace pomona
