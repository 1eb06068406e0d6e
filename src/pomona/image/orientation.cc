#include "pomona/image/orientation.h"

#include <algorithm>
#include <cstring>

namespace pomona::image {
namespace {

constexpr uint16_t kOrientationTag = 0x0112;
constexpr uint16_t kShort = 3;

/// Little- or big-endian numbers of a TIFF structure; 0 where they would lie outside.
class TiffBytes {
 public:
  TiffBytes(std::span<const uint8_t> data, bool little) : data_(data), little_(little) {}

  uint32_t Number(size_t at, size_t bytes) const {
    if (at + bytes > data_.size()) return 0;
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; ++i) {
      value = value << 8 | data_[at + (little_ ? bytes - 1 - i : i)];
    }
    return value;
  }

 private:
  std::span<const uint8_t> data_;
  bool little_;
};

/// Source pixel of result pixel (x, y): start + x * step_x + y * step_y, in pixels.
struct Walk {
  ptrdiff_t start, step_x, step_y;
};

Walk WalkOf(int orientation, ptrdiff_t w, ptrdiff_t h) {
  const ptrdiff_t last_row = (h - 1) * w;
  switch (orientation) {
    case 2:
      return {w - 1, -1, w};
    case 3:
      return {last_row + w - 1, -1, -w};
    case 4:
      return {last_row, 1, -w};
    case 5:
      return {0, w, 1};
    case 6:
      return {last_row, -w, 1};
    case 7:
      return {last_row + w - 1, -w, -1};
    case 8:
      return {w - 1, w, -1};
    default:
      return {0, 1, w};
  }
}

}  // namespace

int ExifOrientation(std::span<const uint8_t> tiff) {
  if (tiff.size() < 8) return 1;
  const bool little = tiff[0] == 'I';
  if (!little && tiff[0] != 'M') return 1;
  const TiffBytes bytes(tiff, little);
  const size_t directory = bytes.Number(4, 4);
  const size_t entries = bytes.Number(directory, 2);
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + i * 12;
    if (entry + 12 > tiff.size()) break;
    if (bytes.Number(entry, 2) != kOrientationTag) continue;
    const uint32_t value = bytes.Number(entry + 8, bytes.Number(entry + 2, 2) == kShort ? 2 : 4);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

int XmpOrientation(std::string_view xmp) {
  constexpr std::string_view kName = "tiff:Orientation";
  for (size_t at = xmp.find(kName); at != xmp.npos; at = xmp.find(kName, at + 1)) {
    std::string_view rest = xmp.substr(at + kName.size());
    if (rest.starts_with("=\"")) {
      rest.remove_prefix(2);
    } else if (rest.starts_with(">")) {
      rest.remove_prefix(1);
    } else {
      continue;
    }
    if (rest.empty() || rest[0] < '0' || rest[0] > '9') continue;
    return rest[0] >= '1' && rest[0] <= '8' ? rest[0] - '0' : 1;
  }
  return 1;
}

void Upright::Start(int width, int height, int orientation) {
  width_ = width;
  height_ = height;
  orientation_ = orientation;
  swaps_ = orientation >= 5;
  rows_in_ = 0;
  picture_.Get(static_cast<size_t>(width) * height * 3);
}

void Upright::Push(const uint8_t* rows, size_t stride, int count) {
  const size_t bytes = static_cast<size_t>(width_) * 3;
  for (int r = 0; r < count; ++r, ++rows_in_) {
    std::memcpy(picture_.Get(0) + rows_in_ * bytes, rows + stride * r, bytes);
  }
}

void Upright::Finish(Resampler& to) {
  constexpr int kStrip = 16;
  const Walk walk = WalkOf(orientation_, width_, height_);
  const size_t stride = static_cast<size_t>(out_width()) * 3 + kRowPadding;
  uint8_t* strip = strip_.Get(stride * kStrip);
  for (int y = 0; y < out_height(); y += kStrip) {
    const int rows = std::min(kStrip, out_height() - y);
    // Column by column: for a turned image that reads along the source rows.
    for (int x = 0; x < out_width(); ++x) {
      for (int r = 0; r < rows; ++r) {
        const ptrdiff_t from = walk.start + x * walk.step_x + (y + r) * walk.step_y;
        std::memcpy(strip + stride * r + static_cast<size_t>(x) * 3, picture_.Get(0) + from * 3, 3);
      }
    }
    to.Push(strip, stride, rows);
  }
  picture_.ShrinkTo(64 << 20);
}

}  // namespace pomona::image
