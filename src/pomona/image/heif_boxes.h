#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "pomona/image/yuv_rows.h"

namespace pomona::image {

/// True where a box of the file is longer than what is left of it.
bool HeifEndsEarly(std::span<const uint8_t> file);

/// What the boxes of a file say of its primary image.
struct HeifProperties {
  /// The orientation that `irot` and `imir` give, 1 to 8 as EXIF has it, the turn before the
  /// mirror: what Pillow takes for an AVIF's orientation, whatever its EXIF says.
  int orientation = 1;
  /// What `av1C` says; nullopt for what is no AV1 image by itself, as one that is made of tiles.
  std::optional<YuvPicture::Chroma> chroma;
  /// Where in the file the 7 bytes of `colr` are that say what its numbers mean (nclx: primaries,
  /// transfer, matrix, 16 bits each, and a bit for the full range); nullopt where they are not.
  std::optional<size_t> nclx;
};

/// What is damaged is as if it were not there.
HeifProperties HeifPropertiesOf(std::span<const uint8_t> file);

}  // namespace pomona::image
