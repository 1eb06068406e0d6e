#pragma once

#include <arrow/result.h>

#include <CLI/CLI.hpp>
#include <string>

#include "cli/option_arguments.h"
#include "pomona/run.h"

namespace pomona::cli {

/// How to reach storage: of every command that does.
class StorageArguments {
 public:
  void AddTo(CLI::App& command) { options_.AddTo(command); }
  /// Invalid names the option, here and below.
  arrow::Result<StorageOptions> Resolve() const;

 private:
  OptionArguments options_ = {OptionGroup::kStorage};
};

/// What `list` takes.
class ListArguments {
 public:
  void AddTo(CLI::App& command);
  arrow::Result<ListOptions> Resolve() const;

 private:
  std::string source_;
  OptionArguments options_ = {OptionGroup::kSource, OptionGroup::kStorage};
};

/// Everything that `extract` and `plan` take.
class RunArguments {
 public:
  void AddTo(CLI::App& command);
  arrow::Result<RunOptions> Resolve() const;
  /// The same for who needs no complete run: SOURCE or OUTPUT may be missing.
  arrow::Result<RunOptions> Parse() const;

 private:
  std::string source_, output_;
  OptionArguments options_ = {OptionGroup::kSource, OptionGroup::kStorage, OptionGroup::kModel,
                              OptionGroup::kImages, OptionGroup::kOutput,  OptionGroup::kResources};
};

}  // namespace pomona::cli
