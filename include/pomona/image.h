#pragma once

#include <arrow/result.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// Pillow's filters, 8 bits per channel, with antialiasing when shrinking (but for kNearest).
enum class ResizeFilter { kNearest, kBilinear, kBicubic };

/// "nearest", "bilinear", "bicubic".
std::string_view ResizeFilterName(ResizeFilter filter);
arrow::Result<ResizeFilter> ParseResizeFilter(std::string_view name);

/// A picture in another position, as it may lie or be held: `kMirrorRot90` is mirrored left to
/// right, then turned a quarter counter-clockwise (so that its rows are columns).
enum class View {
  kRot90,
  kRot180,
  kRot270,
  kMirror,
  kMirrorRot90,
  kMirrorRot180,
  kMirrorRot270,
};

/// "rot90", "mirror", "mirror-rot90", ...
std::string_view ViewName(View view);
/// Names with commas between; "dihedral" is all seven, "none" none. Invalid names one that is
/// unknown, or there twice.
arrow::Result<std::vector<View>> ParseViews(std::string_view names);
/// What ParseViews reads.
std::string ViewNames(const std::vector<View>& views);

/// How encoded bytes become pixels.
struct ImageOptions {
  /// Size of the result. 0: what the model wants.
  int width = 0;
  int height = 0;

  ResizeFilter filter = ResizeFilter::kBicubic;

  /// Largest width x height, checked against the header before any pixel is
  /// allocated. Default: Pillow's.
  int64_t max_pixels = 178'956'970;

  /// Largest file, in encoded bytes. Where the size is known before the image is read, nothing
  /// is read of a larger one; else its reading ends there. Default 256 MiB.
  int64_t max_bytes = int64_t{256} << 20;
  /// Most CPU seconds that decoding and resizing one image may take; it is then rejected
  /// as `too_slow`. Looked at every few milliseconds.
  double max_image_seconds = 10;

  /// Most bytes that one image may need: the file, and what of it is held at once beyond a
  /// few rows (all coefficients of a progressive JPEG, all pixels of an interlaced PNG, of a
  /// WebP, and of an image that is turned). Checked before it is allocated; over it, the
  /// image is rejected as `too_much_memory`.
  int64_t max_image_memory = int64_t{1} << 30;

  /// RGB to composite transparent images on. Absent: alpha is dropped, as by
  /// Pillow's convert("RGB").
  std::optional<std::array<uint8_t, 3>> background;

  /// Turn the image as its EXIF orientation says.
  bool exif_rotate = false;

  /// Let the JPEG decoder shrink large images by 2, 4 or 8: faster, other pixels.
  bool dct_scaling = false;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// "#rrggbb" or "black", "white", "grey".
arrow::Result<std::array<uint8_t, 3>> ParseColour(std::string_view text);

}  // namespace pomona
