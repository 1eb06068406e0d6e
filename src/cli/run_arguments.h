#pragma once

#include <arrow/result.h>

#include <string>

#include "cli/command_line.h"
#include "cli/option_arguments.h"
#include "pomona/metrics.h"
#include "pomona/run.h"

namespace pomona::cli {

/// How to reach storage: of every command that does.
class StorageArguments {
 public:
  void AddTo(Command command) { options_.AddTo(command); }
  /// Invalid names the option, here and below.
  arrow::Result<StorageOptions> Resolve() const;

 private:
  OptionArguments options_ = {OptionGroup::kStorage};
};

/// What `list` takes.
class ListArguments {
 public:
  void AddTo(Command command);
  arrow::Result<ListOptions> Resolve() const;

 private:
  std::string source_;
  OptionArguments options_ = {OptionGroup::kSource, OptionGroup::kStorage};
};

/// Everything that `extract` and `plan` take.
class RunArguments {
 public:
  /// Unless `required`, SOURCE and OUTPUT may be missing, and Resolve refuses that.
  void AddTo(Command command, bool required = true);
  arrow::Result<RunOptions> Resolve() const;
  /// The same for who needs no complete run: SOURCE or OUTPUT may be missing.
  arrow::Result<RunOptions> Parse() const;

 private:
  std::string source_, output_;
  OptionArguments options_ = {OptionGroup::kSource, OptionGroup::kStorage, OptionGroup::kModel,
                              OptionGroup::kImages, OptionGroup::kOutput,  OptionGroup::kResources};
};

/// Where a run shows its metrics.
class MetricsArguments {
 public:
  void AddTo(Command command);
  /// Invalid names the option.
  arrow::Result<MetricsOptions> Resolve() const;

 private:
  MetricsOptions options_;
  std::string address_;
};

}  // namespace pomona::cli
