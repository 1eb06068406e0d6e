#include "pomona/serve/serve_metrics.h"

#include <prometheus/text_serializer.h>

#include "pomona/base/peak_memory.h"
#include "pomona/extract/load_extractor.h"
#include "pomona/metrics/families.h"
#include "pomona/reject.h"

namespace pomona {
namespace {

/// Of a small photo on two cores to the slowest that is allowed.
const prometheus::Histogram::BucketBoundaries kBuckets = {
    0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

double SecondsSince1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

ServeMetrics::ServeMetrics()
    : requests_(prometheus::BuildCounter()
                    .Name("pomona_http_requests_total")
                    .Help("Requests that got a reply, by path and status.")
                    .Register(registry_)),
      seconds_(prometheus::BuildHistogram()
                   .Name("pomona_http_request_seconds")
                   .Help("From the head of a request to its reply, by path.")
                   .Register(registry_)),
      start_timestamp_(SecondsSince1970()) {}

void ServeMetrics::Replied(const std::string& path, int status, double seconds) {
  requests_.Add({{"path", path}, {"status", std::to_string(status)}}).Increment();
  seconds_.Add({{"path", path}}, kBuckets).Observe(seconds);
}

void ServeMetrics::Extracted(const ExtractCounters& counters, const arrow::Status& status) {
  std::lock_guard lock(mutex_);
  extracted_.images += counters.images;
  extracted_.bytes += counters.bytes;
  extracted_.decode_ns += counters.decode_ns;
  extracted_.resize_ns += counters.resize_ns;
  extracted_.streams = counters.streams;
  extracted_.workers = counters.workers;
  if (const auto reason = RejectReasonOf(status)) ++rejects_[std::string(RejectCode(*reason))];
}

void ServeMetrics::Reloaded(bool well) {
  std::lock_guard lock(mutex_);
  ++(well ? reloads_ : failed_reloads_);
}

std::string ServeMetrics::Text(const Now& now) {
  Families families;
  {
    std::lock_guard lock(mutex_);
    families.Counter("pomona_images_total", "Photos whose features were computed.",
                     extracted_.images);
    AddRejects(families, "Photos that have no features, by reason.", rejects_);
    families.Counter("pomona_bytes_total", "Encoded bytes of photos.", extracted_.bytes);
    AddStages(families,
              {{"decode", static_cast<double>(extracted_.decode_ns) * 1e-9, extracted_.workers},
               {"resize", static_cast<double>(extracted_.resize_ns) * 1e-9, extracted_.workers},
               {"infer", static_cast<double>(InferNs(now.extractor)) * 1e-9, extracted_.streams}});
    families.Begin(prometheus::MetricType::Counter, "pomona_reloads_total",
                   "Times that the classifier was read again; failed ones left the old one.");
    families.Add(static_cast<double>(reloads_), {{"result", "ok"}});
    families.Add(static_cast<double>(failed_reloads_), {{"result", "failed"}});
  }
  families.Gauge("pomona_http_connections", "Open connections.",
                 static_cast<double>(now.connections));
  families.Gauge("pomona_queue_waiting", "Requests that wait for a core.",
                 static_cast<double>(now.waiting));
  families.Gauge("pomona_cores", "Cores that compute.", now.extractor.options().threads);
  families.Gauge("pomona_peak_memory_bytes", "Most resident memory of the process so far.",
                 static_cast<double>(PeakMemoryBytes()));
  families.Gauge("pomona_start_timestamp_seconds", "When the server began.", start_timestamp_);
  families.Begin(prometheus::MetricType::Gauge, "pomona_classifier_info",
                 "What is served: always 1.");
  families.Add(1, {{"digest", now.classifier_digest}});
  const Extractor& extractor = now.extractor;
  AddBuildInfo(families, extractor.model().card.name, extractor.model().digest,
               extractor.feature_tensor(), std::string(PrecisionName(extractor.precision())));
  auto all = families.Take();
  for (auto& family : registry_.Collect()) all.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace pomona
