#include "cli/metrics_arguments.h"

namespace pomona::cli {

void MetricsArguments::AddTo(CLI::App& command) {
  const char* group = "Metrics";
  command
      .add_option("--metrics-file", options_.file,
                  "Keep FILE up to date for Prometheus's node_exporter: DIR/NAME.prom")
      ->group(group);
  command
      .add_option("--metrics-port", options_.port,
                  "Serve /metrics over HTTP on this machine; 0 takes a free port and says which")
      ->group(group);
  command
      .add_option("--metrics-address", address_,
                  "Serve on this address instead, for all who reach it")
      ->group(group);
}

arrow::Result<MetricsOptions> MetricsArguments::Resolve() const {
  MetricsOptions options = options_;
  if (!address_.empty()) {
    if (!options.port) {
      return arrow::Status::Invalid("metrics-address ", address_, " has no metrics-port");
    }
    options.address = address_;
  }
  ARROW_RETURN_NOT_OK(options.Validate());
  return options;
}

}  // namespace pomona::cli
