#include <charconv>

#include "pomona/shown_text.h"

#include "pomona/image.h"

namespace pomona {

std::string_view ResizeFilterName(ResizeFilter filter) {
  switch (filter) {
    case ResizeFilter::kNearest:
      return "nearest";
    case ResizeFilter::kBilinear:
      return "bilinear";
    case ResizeFilter::kBicubic:
      return "bicubic";
  }
  return "bicubic";
}

arrow::Result<ResizeFilter> ParseResizeFilter(std::string_view name) {
  for (auto filter : {ResizeFilter::kNearest, ResizeFilter::kBilinear, ResizeFilter::kBicubic}) {
    if (name == ResizeFilterName(filter)) return filter;
  }
  return arrow::Status::Invalid("resize must be bicubic, bilinear or nearest, got `",
                                ShownText(name), "`");
}

arrow::Result<std::array<uint8_t, 3>> ParseColour(std::string_view text) {
  using Colour = std::array<uint8_t, 3>;
  if (text == "white") return Colour{255, 255, 255};
  if (text == "black") return Colour{0, 0, 0};
  if (text == "grey" || text == "gray") return Colour{128, 128, 128};
  Colour colour{};
  bool valid = text.size() == 7 && text[0] == '#';
  for (size_t i = 0; valid && i < colour.size(); ++i) {
    const char* first = text.data() + 1 + 2 * i;
    valid = std::from_chars(first, first + 2, colour[i], 16).ptr == first + 2;
  }
  if (!valid) {
    return arrow::Status::Invalid("background must be #rrggbb, white, black or grey, got `",
                                  ShownText(text), "`");
  }
  return colour;
}

arrow::Status ImageOptions::Validate() const {
  constexpr int64_t kMaxSide = 16'384;
  if (width < 0 || height < 0 || width > kMaxSide || height > kMaxSide) {
    return arrow::Status::Invalid("image size must be 0 (the model's) to ", kMaxSide, ", got ",
                                  width, "x", height);
  }
  if (max_pixels < 1) {
    return arrow::Status::Invalid("option `max_pixels` must be at least 1, got ", max_pixels);
  }
  if (max_bytes < 1) {
    return arrow::Status::Invalid("option `max_bytes` must be at least 1, got ", max_bytes);
  }
  if (!(max_image_seconds > 0)) {
    return arrow::Status::Invalid("option `max_image_seconds` must be more than 0, got ",
                                  max_image_seconds);
  }
  if (max_image_memory < 1) {
    return arrow::Status::Invalid("option `max_image_memory` must be at least 1 byte, got ",
                                  max_image_memory);
  }
  return arrow::Status::OK();
}

}  // namespace pomona
