#pragma once

#include <arrow/result.h>

#include <CLI/CLI.hpp>
#include <string>

#include "pomona/metrics.h"

namespace pomona::cli {

/// Where `extract` shows its metrics.
class MetricsArguments {
 public:
  void AddTo(CLI::App& command);
  /// Invalid names the option.
  arrow::Result<MetricsOptions> Resolve() const;

 private:
  MetricsOptions options_;
  std::string address_;
};

}  // namespace pomona::cli
