#pragma once

#include <arrow/result.h>

#include <optional>
#include <string>

#include "cli/command_line.h"
#include "pomona/cost.h"
#include "pomona/run.h"

namespace pomona::cli {

/// What `plan` takes for a price.
class CostArguments {
 public:
  void AddTo(Command command);

  /// A price is wanted.
  bool wanted() const { return !prices_.empty(); }

  /// Reads the price list, counts the images and learns the speed, each as it is told to, and
  /// plans. What `run` has no need to have: an output (then all of the source is planned) and,
  /// where the images are told, a source. Bad options are refused first.
  arrow::Result<CostPlan> Plan(const RunOptions& run) const;

 private:
  arrow::Result<Workload> Measure(const RunOptions& run) const;
  arrow::Result<std::optional<CoreSpeed>> ToldSpeed() const;

  std::string prices_;
  std::optional<int64_t> images_;
  int64_t bytes_ = 0;
  int prefixes_ = 1;
  std::string report_;
  std::optional<double> speed_;
  CostOptions options_;
};

}  // namespace pomona::cli
