#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace pomona::image {

/// What a PNG says of its orientation.
struct PngMetadata {
  std::string exif;  ///< for OrientationOf; empty: there is none
  std::string xmp;
};

/// A text is inflated to this size at most, as by Pillow; one that is larger counts as absent.
inline constexpr size_t kMaxPngText = 1 << 20;

/// Found where Pillow looks: EXIF in eXIf or a text "exif", else in a text "Raw profile type
/// exif", in hexadecimal digits; XMP in a text "XML:com.adobe.xmp". Texts are tEXt, zTXt and
/// iTXt. Of several the last; before and behind the pixels, of an animation up to its second
/// frame. Holds at most 3 MiB and the chunk; damaged chunks count as absent. Thread-safe.
PngMetadata FindPngMetadata(std::span<const uint8_t> encoded);

}  // namespace pomona::image
