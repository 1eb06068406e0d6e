#include "pomona/image/tiff_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "pomona/reject.h"

namespace pomona::image {
namespace {

/// The compressions that Pillow knows.
constexpr std::array<uint16_t, 15> kCompressions = {
    COMPRESSION_NONE,      COMPRESSION_CCITTRLE, COMPRESSION_CCITTFAX3,   COMPRESSION_CCITTFAX4,
    COMPRESSION_LZW,       COMPRESSION_OJPEG,    COMPRESSION_JPEG,        COMPRESSION_ADOBE_DEFLATE,
    COMPRESSION_CCITTRLEW, COMPRESSION_PACKBITS, COMPRESSION_THUNDERSCAN, COMPRESSION_DEFLATE,
    COMPRESSION_LZMA,      COMPRESSION_ZSTD,     COMPRESSION_WEBP};

arrow::Status Unsupported(std::string message) {
  return Rejected(RejectReason::kUnsupportedFormat, std::move(message));
}

arrow::Status CheckCompression(uint16_t compression) {
  if (std::ranges::count(kCompressions, compression) != 0 &&
      TIFFIsCODECConfigured(compression) != 0) {
    return arrow::Status::OK();
  }
  const TIFFCodec* codec = TIFFFindCODEC(compression);
  return Unsupported(fmt::format("TIFF is compressed as {} ({})",
                                 codec == nullptr ? "something unknown" : codec->name,
                                 compression));
}

arrow::Status SetColours(uint16_t photometric, TiffLayout* layout) {
  switch (photometric) {
    case PHOTOMETRIC_MINISWHITE:
      // Pillow inverts samples of up to 8 bits alone.
      layout->is_inverted = layout->bits <= 8;
      layout->colours = TiffColours::kGrey;
      return arrow::Status::OK();
    case PHOTOMETRIC_MINISBLACK:
      layout->colours = TiffColours::kGrey;
      return arrow::Status::OK();
    case PHOTOMETRIC_PALETTE:
      layout->colours = TiffColours::kPalette;
      return arrow::Status::OK();
    case PHOTOMETRIC_RGB:
      layout->colours = TiffColours::kRgb;
      return arrow::Status::OK();
    case PHOTOMETRIC_SEPARATED:
      layout->colours = TiffColours::kCmyk;
      return arrow::Status::OK();
    case PHOTOMETRIC_YCBCR:
      layout->colours = TiffColours::kYcc;
      return arrow::Status::OK();
    default:
      return Unsupported(fmt::format("TIFF has colours of kind {}", photometric));
  }
}

bool HasKnownSamples(const TiffLayout& layout) {
  const bool is_plain = layout.sample == TiffSample::kUnsigned;
  switch (layout.colours) {
    case TiffColours::kGrey:
      if (layout.bits == 8) return layout.samples <= 2 && layout.sample != TiffSample::kFloat;
      if (layout.samples > 1) return false;
      if (layout.bits == 32) return true;
      if (layout.bits == 16) return layout.sample != TiffSample::kFloat;
      return is_plain &&
             (layout.bits == 1 || layout.bits == 2 || layout.bits == 4 || layout.bits == 12);
    case TiffColours::kPalette:
      if (layout.bits == 8) return is_plain && layout.samples <= 2;
      return is_plain && layout.samples == 1 &&
             (layout.bits == 1 || layout.bits == 2 || layout.bits == 4);
    case TiffColours::kRgb:
    case TiffColours::kCmyk:
      return is_plain && (layout.bits == 8 || layout.bits == 16);
    case TiffColours::kYcc:
      return is_plain && layout.bits == 8 && layout.samples == 3;
  }
  return false;
}

arrow::Status SetAlpha(const TiffFile& file, TiffLayout* layout) {
  uint16_t count = 0;
  const uint16_t* kinds = nullptr;
  if (TIFFGetField(file.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds) == 0 || count == 0) {
    return arrow::Status::OK();
  }
  if (kinds[0] == EXTRASAMPLE_UNASSALPHA) layout->alpha = TiffAlpha::kStraight;
  if (kinds[0] == EXTRASAMPLE_ASSOCALPHA) layout->alpha = TiffAlpha::kPremultiplied;
  if (layout->alpha == TiffAlpha::kPremultiplied && layout->colours != TiffColours::kRgb) {
    return Unsupported("TIFF has premultiplied alpha with other colours than RGB");
  }
  if (layout->colours == TiffColours::kCmyk) layout->alpha = TiffAlpha::kNone;
  return arrow::Status::OK();
}

arrow::Status SetPalette(const TiffFile& file, TiffLayout* layout) {
  const uint16_t* map[3] = {};
  if (TIFFGetField(file.get(), TIFFTAG_COLORMAP, &map[0], &map[1], &map[2]) == 0) {
    return Rejected(RejectReason::kCorrupt, "TIFF has no palette");
  }
  for (size_t i = 0; i < size_t{1} << layout->bits; ++i) {
    for (size_t c = 0; c < 3; ++c) layout->palette[i][c] = static_cast<uint8_t>(map[c][i] >> 8);
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<TiffLayout> ReadTiffLayout(const TiffFile& file) {
  const uint16_t compression = file.ShortField(TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  ARROW_RETURN_NOT_OK(CheckCompression(compression));

  TiffLayout layout;
  layout.bits = file.ShortField(TIFFTAG_BITSPERSAMPLE, 1);
  layout.samples = file.ShortField(TIFFTAG_SAMPLESPERPIXEL, 1);
  const uint16_t format = file.ShortField(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  if (format < SAMPLEFORMAT_UINT || format > SAMPLEFORMAT_IEEEFP) {
    return Unsupported(fmt::format("TIFF has samples of kind {}", format));
  }
  layout.sample = format == SAMPLEFORMAT_IEEEFP ? TiffSample::kFloat
                  : format == SAMPLEFORMAT_INT  ? TiffSample::kSigned
                                                : TiffSample::kUnsigned;
  const uint16_t photometric = compression == COMPRESSION_OJPEG
                                   ? static_cast<uint16_t>(PHOTOMETRIC_YCBCR)
                                   : file.ShortField(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  ARROW_RETURN_NOT_OK(SetColours(photometric, &layout));
  constexpr int kMaxSamples = 6;  // Pillow's
  if (!HasKnownSamples(layout) || layout.samples < layout.ColourSamples() ||
      layout.samples > kMaxSamples) {
    return Unsupported(fmt::format("TIFF has {} samples of {} bits a pixel, colours of kind {}",
                                   layout.samples, layout.bits, photometric));
  }
  layout.is_planar =
      layout.samples > 1 &&
      file.ShortField(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
  ARROW_RETURN_NOT_OK(SetAlpha(file, &layout));
  if (layout.colours == TiffColours::kPalette) ARROW_RETURN_NOT_OK(SetPalette(file, &layout));
  if (layout.colours == TiffColours::kYcc) {
    if (compression == COMPRESSION_JPEG && !layout.is_planar) {
      TIFFSetField(file.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
      layout.colours = TiffColours::kRgb;
    } else {
      layout.needs_conversion = true;
    }
  }
  return layout;
}

}  // namespace pomona::image
