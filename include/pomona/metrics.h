#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <arrow/result.h>

#include "pomona/public.h"
#include "pomona/run.h"

namespace POMONA_PUBLIC pomona {

/// Where a run shows its metrics, as Prometheus reads them; docs/guides/monitoring.md has the list.
/// Off by default, and then nothing is spent on them.
struct MetricsOptions {
  /// Local file for node_exporter's textfile collector, by convention "FOLDER/NAME.prom": replaced
  /// whole every `file_every`, and at the end. Its name without ".prom" becomes the label `run` of
  /// every metric, so that the files of one folder do not clash. Empty: none.
  std::string file;
  std::chrono::milliseconds file_every{5'000};

  /// Port of an HTTP server that answers /metrics while the run goes on. 0: any that is free.
  std::optional<int> port;

  /// IPv4 or IPv6 address that the server listens on. Whoever reaches it may read the metrics:
  /// there is no password.
  std::string address = "127.0.0.1";

  bool wanted() const { return !file.empty() || port.has_value(); }

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// The metrics of one run. Feed it from RunOptions::on_progress. Thread-safe.
class RunMetrics {
 public:
  /// Writes the first file and opens the port. Invalid if either cannot be.
  static arrow::Result<std::unique_ptr<RunMetrics>> Open(const MetricsOptions& options);
  virtual ~RunMetrics() = default;

  /// Where the server answers, "http://127.0.0.1:9464/metrics"; empty without one.
  virtual const std::string& url() const = 0;

  /// Cheap, but for the file when it is due. A file that cannot be written is tried again.
  virtual void Update(const RunProgress& progress) = 0;

  /// The run has ended, well or not: the last word on it. IOError: the file was not written.
  virtual arrow::Status Finish(const arrow::Result<RunReport>& report) = 0;
};

/// The metrics of an example, all of them, as Prometheus reads them: for the reference.
std::string ExampleMetrics();

}  // namespace pomona
