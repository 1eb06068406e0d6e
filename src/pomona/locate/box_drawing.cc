#include "pomona/locate/box_drawing.h"

#include <arrow/util/base64.h>
#include <fmt/format.h>

#include <algorithm>

namespace pomona {
namespace {

std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '&') {
      escaped += fmt::format("&#{};", static_cast<int>(c));
    } else {
      // What XML cannot hold, not even escaped.
      escaped += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return escaped;
}

}  // namespace

std::string DrawBoxes(std::span<const uint8_t> encoded, ImageSize size,
                      const std::vector<PixelBox>& boxes, bool upright) {
  // Readable at any size of the picture.
  const int unit = std::max(size.width, size.height) / 50 + 1;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"sans-serif\" "
      "font-size=\"{2}\">\n<image width=\"{0}\" height=\"{1}\" preserveAspectRatio=\"none\" "
      "style=\"image-orientation:{3}\" href=\"data:;base64,{4}\"/>\n",
      size.width, size.height, unit, upright ? "from-image" : "none",
      arrow::util::base64_encode({reinterpret_cast<const char*>(encoded.data()), encoded.size()}));
  for (const PixelBox& box : boxes) {
    svg += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#e6007a\" "
        "stroke-width=\"{}\"/>\n<text x=\"{}\" y=\"{}\" fill=\"#e6007a\" stroke=\"white\" "
        "stroke-width=\"{}\" paint-order=\"stroke\">{} {:.2f}</text>\n",
        box.x, box.y, box.width, box.height, unit / 6.0, box.x + unit / 3.0, box.y + unit * 1.1,
        unit / 5.0, Escaped(box.label), box.score);
  }
  return svg + "</svg>\n";
}

}  // namespace pomona
