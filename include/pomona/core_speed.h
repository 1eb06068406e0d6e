#pragma once

#include <arrow/result.h>

#include <chrono>
#include <string>

#include "pomona/extract.h"
#include "pomona/list.h"
#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// How fast one core extracts, when nothing else holds it up.
struct CoreSpeed {
  double images_per_second = 0;  ///< of one core
  int feature_dim = 1280;        ///< of the rows that come out
  std::string precision;         ///< "f32", "bf16"; empty: not told
  std::string source;            ///< where the number is from, for people
  std::string warning;           ///< why it may be wrong, for people; may be empty
};

/// What the report of a run says (`_pomona/report.json`, of the command line or of Spark).
/// IOError, or Invalid if it is no report or the run computed nothing.
arrow::Result<CoreSpeed> SpeedOfReport(const std::string& path);

/// How to measure.
struct CalibrationOptions {
  ExtractOptions extract;

  /// Its first images are what is computed, from memory. With an empty source, images that
  /// Pomona draws: JPEGs of 100x100 pixels.
  ListOptions list;

  /// Time for the measurement; loading and reading come on top.
  std::chrono::milliseconds duration{10'000};

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// Decodes, resizes and infers on all of `extract.threads` cores. The store takes no part:
/// it is another term of a plan. Memory: the images, `extract.memory_bytes` at most.
/// Errors: Invalid (an option, a source without images that can be read), IOError, Cancelled.
arrow::Result<CoreSpeed> Calibrate(const CalibrationOptions& options);

}  // namespace pomona
