#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace pomona::image {

/// Images for tests, written by the codec libraries themselves. All throw
/// std::runtime_error if the library fails.

using Bytes = std::vector<uint8_t>;

/// Smooth colours with edges: [height, width, channels], uint8, deterministic.
Bytes DrawPicture(int width, int height, int channels = 3);

struct JpegForm {
  int channels = 3;  ///< 1 grey, 3 RGB, 4 CMYK (as stored: inverted)
  bool progressive = false;
  bool subsampled = true;  ///< 4:2:0
  int quality = 90;
  int scans = 0;  ///< of a progressive grey image with a scan a coefficient: 2 to 64; 0: usual ones
};
Bytes EncodeJpeg(const Bytes& pixels, int width, int height, const JpegForm& form = {});

/// `colour_type` and `bit_depth` as in the PNG header; `pixels` packed accordingly.
Bytes EncodePng(const Bytes& pixels, int width, int height, int colour_type, int bit_depth,
                bool interlaced = false);

/// WebP from RGBA: lossless, or lossy with a `quality` of 0 to 100.
Bytes EncodeWebp(const Bytes& rgba, int width, int height, float quality = -1);

/// PGM, PPM or PAM: `samples` as they are behind the header.
Bytes EncodePnm(std::string_view header, const Bytes& samples);

/// BMP of 24 bits from RGB, the upper row last.
Bytes EncodeBmp(const Bytes& rgb, int width, int height);

/// GIF of indices into a palette of 256 colours: index i is (i, 255 - i, 7 * i).
Bytes EncodeGif(const Bytes& indices, int width, int height);

struct TiffForm {
  int samples = 3;      ///< 1 grey, 3 RGB, 4 RGBA
  int compression = 1;  ///< as in the file: 1 none, 5 LZW, 7 JPEG, 8 deflate
  int tile = 0;         ///< side of a tile; 0: strips of 8 rows
  bool planar = false;
};
Bytes EncodeTiff(const Bytes& pixels, int width, int height, const TiffForm& form = {});
/// A PNG of one pixel with `count` compressed texts and colour profiles before it, each of
/// `size` bytes once inflated.
Bytes PngWithTextBombs(int count, size_t size);

/// A PNG header that announces this size, with no pixels behind it.
Bytes PngHeaderOnly(uint32_t width, uint32_t height);

/// `png` with another size in its header; the pixels stay.
Bytes PngWithSize(Bytes png, uint32_t width, uint32_t height);

/// The picture of `webp`, as EncodeWebp made it, behind `count` empty chunks of no known kind, and
/// an EXIF of that orientation behind it. `animated`: as the one frame of an animation.
Bytes WebpBehindChunks(const Bytes& webp, int width, int height, int count, uint8_t orientation,
                       bool animated = false);

}  // namespace pomona::image
