#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pomona::image {

/// How an image lies, 1 (upright) to 8, by its metadata: what Pillow 13's
/// ImageOps.exif_transpose goes by, in every container. EXIF has the word where it has the
/// tag, be it 1 or nonsense; only where it has none does XMP.
///
/// `exif` is a TIFF structure, with or without "Exif\0\0" before it, once or twice; `xmp` a
/// packet. Either is empty where the container has none. Where Pillow fails, as EXIF is not
/// a TIFF structure: 1. Thread-safe; no allocation.
int OrientationOf(std::span<const uint8_t> exif, std::string_view xmp);

/// The orientation tag (0x0112) of EXIF's first directory: 1 to 8, 1 where its value is none
/// of these or `exif` is damaged; nullopt where there is no tag, so that XMP has the word.
std::optional<int> ExifOrientation(std::span<const uint8_t> exif);

/// The first tiff:Orientation of an XMP packet that has a digit; 1 where there is none or it
/// is not 1 to 8.
int XmpOrientation(std::string_view xmp);

}  // namespace pomona::image
