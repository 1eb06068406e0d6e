#include <arpa/inet.h>
#include <arrow/util/macros.h>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <utility>

#include "pomona/base/clock.h"
#include "pomona/base/peak_memory.h"
#include "pomona/metrics.h"
#include "pomona/metrics/metric_families.h"
#include "pomona/metrics/metrics_file.h"
#include "pomona/metrics/metrics_server.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

double Now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

bool IsAddress(const std::string& text) {
  in6_addr unused{};
  return inet_pton(AF_INET, text.c_str(), &unused) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &unused) == 1;
}

std::string RunLabel(const std::string& file) {
  const std::filesystem::path name = std::filesystem::path(file).filename();
  return name.extension() == ".prom" ? name.stem().string() : name.string();
}

/// Grows by every row and part, and only by them.
int64_t Done(const RunProgress& progress) {
  return progress.images + progress.rejects + progress.unchanged + progress.parts_written;
}

/// The newest snapshot, for whoever asks.
class Board {
 public:
  explicit Board(std::string run) {
    snapshot_.run = std::move(run);
    snapshot_.start_timestamp = snapshot_.last_progress_timestamp = Now();
  }

  void Show(RunProgress progress) {
    std::lock_guard lock(mutex_);
    if (Done(progress) != Done(snapshot_.progress)) snapshot_.last_progress_timestamp = Now();
    snapshot_.progress = std::move(progress);
  }

  void ShowEnd(const arrow::Result<RunReport>& report) {
    std::lock_guard lock(mutex_);
    snapshot_.finished = report.ok();
    snapshot_.failed = !report.ok();
    if (!report.ok()) return;
    RunProgress& progress = snapshot_.progress;
    progress.images = report->images;
    progress.rejects = report->reject_count();
    progress.unchanged = report->unchanged;
    progress.total = report->references;
    progress.rejects_by_reason = report->rejects;
    progress.parts_written = report->parts_written;
    progress.counters = report->counters;
    progress.write_seconds = report->write_seconds;
  }

  /// In Prometheus's text format.
  std::string Text() {
    std::lock_guard lock(mutex_);
    snapshot_.peak_memory_bytes = PeakMemoryBytes();
    return prometheus::TextSerializer().Serialize(MetricFamilies(snapshot_));
  }

 private:
  std::mutex mutex_;
  MetricsSnapshot snapshot_;
};

class PrometheusRunMetrics : public RunMetrics {
 public:
  explicit PrometheusRunMetrics(const MetricsOptions& options)
      : options_(options), board_(options.file.empty() ? "" : RunLabel(options.file)) {}

  arrow::Status Open() {
    if (!options_.file.empty()) {
      if (auto status = WriteFile(); !status.ok()) {
        return arrow::Status::Invalid("metrics-file: ", status.message(),
                                      "\nhint: it is a file in a local folder that is there");
      }
    }
    if (options_.port) {
      ARROW_ASSIGN_OR_RAISE(server_, MetricsServer::Open(options_.address, *options_.port,
                                                         [this] { return board_.Text(); }));
      url_ = server_->url();
    }
    return arrow::Status::OK();
  }

  const std::string& url() const override { return url_; }

  void Update(const RunProgress& progress) override {
    board_.Show(progress);
    std::lock_guard lock(file_mutex_);
    if (options_.file.empty() || Clock::now() - written_ < options_.file_every) return;
    // A full disk may have room again in a while; whoever watches sees that the file is old.
    ARROW_UNUSED(WriteFile());
  }

  arrow::Status Finish(const arrow::Result<RunReport>& report) override {
    board_.ShowEnd(report);
    std::lock_guard lock(file_mutex_);
    return options_.file.empty() ? arrow::Status::OK() : WriteFile();
  }

 private:
  arrow::Status WriteFile() {
    written_ = Clock::now();
    return ReplaceFile(options_.file, board_.Text());
  }

  const MetricsOptions options_;
  Board board_;
  std::string url_;
  std::unique_ptr<MetricsServer> server_;
  std::mutex file_mutex_;
  Clock::time_point written_;
};

}  // namespace

arrow::Status MetricsOptions::Validate() const {
  constexpr int kMaxPort = 65'535;
  if (port && (*port < 0 || *port > kMaxPort)) {
    return arrow::Status::Invalid("metrics-port must be 0 to ", kMaxPort, ", got ", *port);
  }
  if (!IsAddress(address)) {
    return arrow::Status::Invalid("metrics-address must be an IPv4 or IPv6 address, got `",
                                  ShownText(address), "`");
  }
  if (file_every.count() < 1) {
    return arrow::Status::Invalid("file_every must be at least 1 ms");
  }
  return arrow::Status::OK();
}

arrow::Result<std::unique_ptr<RunMetrics>> RunMetrics::Open(const MetricsOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  auto metrics = std::make_unique<PrometheusRunMetrics>(options);
  ARROW_RETURN_NOT_OK(metrics->Open());
  return metrics;
}

std::string ExampleMetrics() {
  MetricsSnapshot snapshot;
  snapshot.run = "NAME";
  RunProgress& progress = snapshot.progress;
  progress.total = 0;
  progress.cores = 1;
  progress.price_per_hour = 1;
  progress.model = progress.model_digest = progress.features = progress.precision = "...";
  return prometheus::TextSerializer().Serialize(MetricFamilies(snapshot));
}

}  // namespace pomona
