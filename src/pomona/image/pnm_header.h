#pragma once

#include <arrow/result.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace pomona::image {

/// What the samples of a pixel are, in their order.
enum class PnmPixel { kGrey, kGreyAlpha, kRgb, kRgba, kBgr, kBgra };

/// Samples of one pixel: 1 to 4.
int PnmChannels(PnmPixel pixel);

/// The head of a binary Netpbm file with samples of one byte.
struct PnmHeader {
  int64_t width = 0;
  int64_t height = 0;
  int maxval = 255;  ///< the sample that is white: 1 to 255
  PnmPixel pixel = PnmPixel::kGrey;
  size_t size = 0;  ///< bytes before the first row
};

/// Reads the header of PGM ("P5") and PPM ("P6") as Pillow does, comments included; of PAM ("P7")
/// as its definition says (netpbm.sourceforge.net/doc/pam.html), with the tuple types GRAYSCALE,
/// GRAYSCALE_ALPHA, RGB, RGB_ALPHA, and two of ours, BGR and BGR_ALPHA: the order of OpenCV
/// and of Spark's image column. A PAM without a tuple type goes by its depth.
///
/// Rejected: kTruncated, kCorrupt, kUnsupportedFormat (16-bit samples, other tuple types).
arrow::Result<PnmHeader> ParsePnmHeader(std::span<const uint8_t> encoded);

}  // namespace pomona::image
