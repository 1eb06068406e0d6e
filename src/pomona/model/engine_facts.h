#pragma once

#include <arrow/result.h>

#include <string>
#include <vector>

#include "pomona/model.h"

namespace pomona {

/// The inference engine on this machine.
struct EngineFacts {
  std::string version;                         ///< OpenVINO's, with its build number
  std::string cpu;                             ///< as the engine names it
  std::vector<std::string> capabilities;       ///< number formats and more: "FP32", "BF16"
  Precision auto_precision = Precision::kF32;  ///< what kAuto takes
};

/// Cost: loads the engine's CPU plugin, if nothing has yet (0.05 s).
arrow::Result<EngineFacts> FindEngineFacts();

}  // namespace pomona
