#pragma once

#include <arrow/result.h>

#include <deque>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "pomona/options.h"

namespace pomona::cli {

/// The command line's options of some groups of the table.
class OptionArguments {
 public:
  using Takes = std::function<bool(const Option&)>;

  /// `takes`: which of them; empty: all.
  OptionArguments(std::initializer_list<OptionGroup> groups, Takes takes = {})
      : groups_(groups), takes_(std::move(takes)) {}
  OptionArguments(const OptionArguments&) = delete;
  OptionArguments& operator=(const OptionArguments&) = delete;

  void AddTo(Command command);

  /// Defaults, and what was given. Invalid names the option.
  arrow::Result<RunOptions> Resolve() const;

 private:
  /// What was given of an option that is no plain value.
  struct Given {
    const Option* option = nullptr;
    std::optional<Argument> argument;
    std::string text;
    double seconds = 0;

    arrow::Status SetIn(RunOptions& options) const;
  };

  Argument Add(Command command, const Option& option);

  const std::vector<OptionGroup> groups_;
  const Takes takes_;
  RunOptions options_;
  std::deque<Given> given_;
};

}  // namespace pomona::cli
