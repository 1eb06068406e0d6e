#pragma once

#include <arrow/result.h>

#include <array>
#include <cstdint>

#include "pomona/image/tiff_file.h"

namespace pomona::image {

enum class TiffColours { kGrey, kPalette, kRgb, kCmyk, kYcc };
enum class TiffSample { kUnsigned, kSigned, kFloat };
enum class TiffAlpha { kNone, kStraight, kPremultiplied };

/// What the samples of a TIFF's pixels mean.
struct TiffLayout {
  TiffColours colours = TiffColours::kGrey;
  TiffSample sample = TiffSample::kUnsigned;
  int bits = 8;                        ///< of a sample
  int samples = 1;                     ///< of a pixel, with those that are not used
  TiffAlpha alpha = TiffAlpha::kNone;  ///< of the sample behind the colours
  bool is_inverted = false;            ///< 0 is white
  bool is_planar = false;              ///< one colour after another
  /// libtiff's own conversion makes RGB of this: YCbCr, but for the usual kind of JPEG.
  bool needs_conversion = false;
  std::array<std::array<uint8_t, 3>, 256> palette{};

  /// Samples of a pixel that are colours.
  int ColourSamples() const {
    return colours == TiffColours::kCmyk                                  ? 4
           : colours == TiffColours::kRgb || colours == TiffColours::kYcc ? 3
                                                                          : 1;
  }
};

/// Reads the fields of the first directory. Errors: Rejected(unsupported_format) for what Pillow
/// does not read, either; Rejected(corrupt).
arrow::Result<TiffLayout> ReadTiffLayout(const TiffFile& file);

}  // namespace pomona::image
