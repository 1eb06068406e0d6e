#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace pomona::image {

enum class ImageFormat { kJpeg, kPng, kWebp, kPnm, kGif, kBmp, kTiff, kHeic, kAvif, kOther };

/// What the first bytes of a file say it is.
struct Sniffed {
  ImageFormat format;
  /// For people: "JPEG", "MP4", "text", "unknown data". Static storage.
  std::string_view name;
  /// What to do about a format that is not read; may be empty. Static storage.
  std::string_view hint = {};
};

/// Looks at the first bytes only (at most 512), never at a file name. A beginning of a
/// JPEG or PNG signature counts as that format: the decoder then reports `truncated`.
/// Thread-safe; no allocation.
Sniffed Sniff(std::span<const uint8_t> encoded);

}  // namespace pomona::image
