#pragma once

#include <string>
#include <vector>

namespace pomona::cli {

/// Says on stderr what people should know of a listing or a run, a line each; nothing if all is
/// well.
void PrintRemarks(const std::vector<std::string>& remarks);

}  // namespace pomona::cli
