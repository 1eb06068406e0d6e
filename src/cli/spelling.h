#pragma once

#include <string>
#include <string_view>

namespace pomona::cli {

/// A message of the core as the command line says it: "--overwrite", "--precision auto".
std::string Spelt(std::string_view message);

}  // namespace pomona::cli
