#pragma once

#include <arrow/result.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/extract.h"
#include "pomona/model.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// How a finding is meant.
enum class FindingLevel {
  kOk,       ///< as it should be
  kNote,     ///< works, with a limit that may matter
  kProblem,  ///< something will fail
};

/// "ok", "note", "problem".
std::string_view FindingLevelName(FindingLevel level);

/// One line of what a doctor says.
struct Finding {
  std::string topic;  ///< "versions", "machine", "models", "s3", "hdfs" or "speed"
  std::string name;   ///< of what was looked at, unique within the topic
  std::string value;  ///< for people; never a credential
  FindingLevel level = FindingLevel::kOk;
  std::string hint;  ///< what to do about it; may be empty
};

/// The engine alone, without reading or decoding, on all cores.
struct SpeedFigure {
  std::string model;
  Preset preset = Preset::kSame;
  Precision precision = Precision::kF32;  ///< that the preset has on this CPU
  int input_size = 0;                     ///< of the network's image, pixels across
  int looks = 1;                          ///< at each image: itself and its views
  double images_per_second = 0;
  int cores = 0;
};

/// What this machine is like for Pomona.
struct DoctorReport {
  std::vector<Finding> findings;    ///< by topic, in the order of reading
  std::vector<SpeedFigure> speeds;  ///< empty without a speed test

  /// No finding is a problem.
  bool healthy() const;
  std::string ToJson() const;
};

struct DoctorOptions {
  /// What the speed test runs: see FindModel.
  std::string model = "efficientnet-lite0";

  /// The same as ExtractOptions has.
  std::string cache_dir;
  StorageOptions storage;

  /// Time for the speed test, for all presets together; loading comes on top (a second
  /// each, 0.1 s from the cache). 0: no test.
  std::chrono::milliseconds speed_test{3'000};

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// Looks at versions, the CPU, memory, models, the cache, credentials (where they would come
/// from: they are not read into the report), HDFS's client, and the engine's speed. Looks at
/// the environment and at files only: no request goes over the network. Writes nothing but
/// the compiled model into the cache.
/// What is wrong with the machine is a finding; errors: Invalid (an option).
arrow::Result<DoctorReport> Examine(const DoctorOptions& options = {});

}  // namespace pomona
