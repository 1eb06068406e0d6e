#pragma once

#include <arrow/result.h>

#include <string>
#include <vector>

namespace pomona {

/// How a program ended.
struct ProgramResult {
  int exit_code = 0;   ///< 128 + signal where one ended it
  std::string errors;  ///< what it wrote to stderr
};

/// Runs `arguments[0]`, looked for in PATH, without a shell; stdin and stdout are empty.
/// Waits for its end. IOError if it cannot be started.
arrow::Result<ProgramResult> RunProgram(const std::vector<std::string>& arguments);

}  // namespace pomona
