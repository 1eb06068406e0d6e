#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pomona/image/scratch.h"

namespace pomona::image {

/// Where the samples of one colour lie: bytes, or words of the machine where there are more than
/// 8 bits. Rows lie `stride` bytes apart.
struct YuvPlane {
  const uint8_t* data = nullptr;
  size_t stride = 0;
};

/// A picture as AV1 has it, and what its numbers mean (H.273).
struct YuvPicture {
  enum class Chroma { kNone, k420, k422, k444 };

  int width = 0;
  int height = 0;
  int depth = 8;  ///< 8, 10 or 12 bits, in every plane
  Chroma chroma = Chroma::k420;
  YuvPlane luma;
  YuvPlane cb;     ///< [(height + 1) / 2, (width + 1) / 2] of k420
  YuvPlane cr;     ///< as cb
  YuvPlane alpha;  ///< no data where all is opaque
  bool premultiplied = false;
  bool full_range = true;
  int primaries = 2;  ///< colour_primaries
  int matrix = 2;     ///< matrix_coefficients
};

struct YuvConstants;

/// YCbCr to RGB of 8 bits, bit for bit as Pillow's libavif does: for most kinds with libyuv, which
/// spreads chroma with the weights 9:3:3:1 and reckons with 6 bits behind the point, for grey and
/// for a matrix of identity in floats. Which one, and what becomes of more than 8 bits, also hangs
/// on alpha, as Pillow asks libavif for RGB or RGBA by it. Not thread-safe.
class YuvRows {
 public:
  /// Whether chroma, matrix and primaries are known here: false for the rarer matrices, which
  /// libavif reckons in floats, and for those which it refuses.
  static bool Know(const YuvPicture& picture);

  /// `picture` is known; it, and its planes, must outlive the calls for its rows.
  void Start(const YuvPicture& picture);

  /// Row `y`, [width, 3]. Alpha is left out; what was premultiplied with it is divided by it.
  void ToRgb(int y, uint8_t* rgb);

  /// The same with alpha, [width, 4].
  void ToRgba(int y, uint8_t* rgba);

 private:
  template <class Sample>
  void Fill(int y);
  template <class Sample>
  void FillChroma(const YuvPlane& plane, int y, uint8_t* row);
  template <class Sample>
  void FillAlpha(int y);

  const YuvPicture* picture_ = nullptr;
  const YuvConstants* constants_ = nullptr;  ///< none: each colour is looked up in table_
  std::vector<uint8_t> table_;               ///< the colour that a sample alone makes
  int narrowed_ = 0;                         ///< bits that a sample loses before all else
  bool nearest_ = false;                     ///< chroma is repeated, not spread
  bool rounded_alpha_ = false;               ///< alpha is rounded to 8 bits, not cut

  // One row of each.
  Scratch memory_;
  uint16_t* blend_ = nullptr;
  uint8_t* cb_ = nullptr;
  uint8_t* cr_ = nullptr;
  uint8_t* red_ = nullptr;
  uint8_t* green_ = nullptr;
  uint8_t* blue_ = nullptr;
  uint8_t* alpha_ = nullptr;
};

}  // namespace pomona::image
