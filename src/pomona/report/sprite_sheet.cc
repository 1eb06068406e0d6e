#include "pomona/report/sprite_sheet.h"

#include <webp/encode.h>

#include <algorithm>
#include <memory>

namespace pomona {
namespace {

constexpr int kSide = SpriteLayout::kSide;
constexpr size_t kCellRow = size_t{3} * kSide;
/// Of photos at this size people see no difference above it, and files grow fast.
constexpr float kQuality = 75;
/// 0 to 6: how long it tries. From 2 on files shrink by little.
constexpr int kMethod = 2;

}  // namespace

SpriteCell CentredCell(const uint8_t* pixels, int width, int height) {
  SpriteCell cell(kCellRow * kSide, 255);
  const int left = (kSide - width) / 2, top = (kSide - height) / 2;
  for (int y = 0; y < height; ++y) {
    std::copy_n(pixels + static_cast<size_t>(y) * width * 3, static_cast<size_t>(width) * 3,
                cell.begin() + static_cast<int64_t>((top + y) * kCellRow) + left * 3);
  }
  return cell;
}

arrow::Result<std::string> EncodeSheet(std::span<const SpriteCell> cells) {
  const auto columns = static_cast<size_t>(SpriteLayout::kColumns);
  const size_t across = std::min(cells.size(), columns);
  const size_t down = (cells.size() + columns - 1) / columns;
  const size_t stride = across * kCellRow;
  std::vector<uint8_t> sheet(stride * down * kSide, 255);
  for (size_t i = 0; i < cells.size(); ++i) {
    uint8_t* to = sheet.data() + (i / columns) * kSide * stride + (i % columns) * kCellRow;
    for (size_t y = 0; y < kSide; ++y, to += stride) {
      std::copy_n(cells[i].data() + y * kCellRow, kCellRow, to);
    }
  }
  WebPConfig config;
  WebPPicture picture;
  if (WebPConfigPreset(&config, WEBP_PRESET_PHOTO, kQuality) == 0 ||
      WebPPictureInit(&picture) == 0) {
    return arrow::Status::UnknownError("libwebp is of another version than its headers");
  }
  config.method = kMethod;
  picture.width = static_cast<int>(across) * kSide;
  picture.height = static_cast<int>(down) * kSide;
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  const bool encoded =
      WebPPictureImportRGB(&picture, sheet.data(), static_cast<int>(stride)) != 0 &&
      WebPEncode(&config, &picture) != 0;
  const int error = picture.error_code;
  std::string bytes(reinterpret_cast<const char*>(writer.mem), encoded ? writer.size : 0);
  WebPPictureFree(&picture);
  WebPMemoryWriterClear(&writer);
  if (encoded) return bytes;
  return arrow::Status::OutOfMemory("cannot encode a sheet of pictures: libwebp's error ", error);
}

}  // namespace pomona
