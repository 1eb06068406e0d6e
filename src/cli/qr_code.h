#pragma once

#include <string>

namespace pomona::cli {

/// A QR code of `text` for a terminal: lines of half blocks, two modules above each other in each,
/// with the light margin that readers want. `coloured`: black on white, whatever the terminal's
/// colours are; else its own colour is the light one. `text` has a hundred characters or so.
std::string QrCode(const std::string& text, bool coloured);

}  // namespace pomona::cli
