#pragma once

#include <arrow/result.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "pomona/run.h"

namespace pomona::cli {

/// Options that several commands share, as text until Resolve.
class StorageArguments {
 public:
  void AddTo(CLI::App& command);
  StorageOptions Resolve() const;

 private:
  StorageOptions options_;
  double timeout_seconds_ = 30;
};

class ListArguments {
 public:
  void AddTo(CLI::App& command);
  ListOptions Resolve() const;

 private:
  ListOptions options_;
  StorageArguments storage_;
};

/// Everything that `extract` and `plan` take.
class RunArguments {
 public:
  void AddTo(CLI::App& command);
  /// Invalid names the option.
  arrow::Result<RunOptions> Resolve() const;
  /// The same for who needs no complete run: SOURCE or OUTPUT may be missing.
  arrow::Result<RunOptions> Parse() const;

 private:
  ListArguments list_;
  RunOptions options_;
  std::string precision_ = "f32";
  std::string resize_ = "bicubic";
  std::string background_;
  std::string features_as_ = "array";
  std::string on_error_ = "reject";
  std::string max_rejects_;
  bool share_cores_ = false;
};

}  // namespace pomona::cli
