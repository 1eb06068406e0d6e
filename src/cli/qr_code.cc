#include "cli/qr_code.h"

#include <qrcodegen/QrCode.hpp>

namespace pomona::cli {

std::string QrCode(const std::string& text, bool coloured) {
  constexpr int kMargin = 2;
  const auto code = qrcodegen::QrCode::encodeText(text.c_str(), qrcodegen::QrCode::Ecc::LOW);
  const int end = code.getSize() + kMargin;
  std::string drawn;
  for (int y = -kMargin; y < end; y += 2) {
    if (coloured) drawn += "\x1b[30;107m";
    for (int x = -kMargin; x < end; ++x) {
      // Outside of it all is light. A block is drawn in the colour of text.
      const bool upper = code.getModule(x, y) == coloured;
      const bool lower = code.getModule(x, y + 1) == coloured;
      drawn += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    drawn += coloured ? "\x1b[0m\n" : "\n";
  }
  return drawn;
}

}  // namespace pomona::cli
