#include "pomona/image/yuv_rows.h"

#include <hwy/base.h>

#include <algorithm>
#include <cstring>

namespace pomona::image {

/// In 64ths, but luma, which is of 16 bits here, in 64ths of 256.
struct YuvConstants {
  uint16_t luma;
  int16_t bias;
  int16_t cb_to_blue;
  int16_t cb_to_green;
  int16_t cr_to_green;
  int16_t cr_to_red;
};

namespace {

using Chroma = YuvPicture::Chroma;

template <class Sample>
const Sample* RowOf(const YuvPlane& plane, int y) {
  return reinterpret_cast<const Sample*>(plane.data + plane.stride * y);
}

/// libyuv's ScaleRowUp2_Bilinear and, where both rows are the same, its ScaleRowUp2_Linear: a
/// sample of each two of the result is nearer to one of the two that it lies between. The first
/// and the last lie beside one only. To 8 bits, as its I410ToARGBRow does: the last `cut` are lost.
template <class Sample>
void Spread(const Sample* HWY_RESTRICT near, const Sample* HWY_RESTRICT far, int narrowed, int cut,
            int width, uint16_t* HWY_RESTRICT blend, uint8_t* HWY_RESTRICT row) {
  const int count = (width + 1) / 2;
  for (int i = 0; i < count; ++i) {
    blend[i] = static_cast<uint16_t>(3 * (near[i] >> narrowed) + (far[i] >> narrowed));
  }
  for (int i = 0; i + 1 < count; ++i) {
    const uint16_t left = static_cast<uint16_t>(3 * blend[i] + blend[i + 1] + 8);
    const uint16_t right = static_cast<uint16_t>(blend[i] + 3 * blend[i + 1] + 8);
    row[2 * i + 1] = static_cast<uint8_t>(left >> (4 + cut));
    row[2 * i + 2] = static_cast<uint8_t>(right >> (4 + cut));
  }
  row[0] = static_cast<uint8_t>((blend[0] + 2) >> (2 + cut));
  row[width - 1] = static_cast<uint8_t>((blend[count - 1] + 2) >> (2 + cut));
}

/// With 6 bits behind the point, and half of the range less, so that no colour leaves 16 bits.
uint8_t Clamped(int16_t colour) {
  const int16_t whole = static_cast<int16_t>(colour >> 6);
  return static_cast<uint8_t>(std::min<int16_t>(std::max<int16_t>(whole, -128), 127) + 128);
}

/// libyuv's ARGBUnattenuateRow: by a reciprocal of 16 bits. As its vectors pack words with a sign,
/// what is bright at an alpha of 1 becomes 0.
uint8_t Unmultiplied(uint8_t colour, uint8_t alpha) {
  if (alpha == 0) return 0;
  if (alpha == 255) return colour;
  const uint32_t reciprocal = std::min(0x10000U / alpha, 0xffffU);
  const auto whole = static_cast<int16_t>(colour * 257U * reciprocal >> 16);
  return static_cast<uint8_t>(std::clamp<int16_t>(whole, 0, 255));
}

template <class Sample>
void Look(const Sample* HWY_RESTRICT samples, const std::vector<uint8_t>& table, int width,
          uint8_t* HWY_RESTRICT row) {
  const uint8_t* HWY_RESTRICT colours = table.data();
  const int most = static_cast<int>(table.size()) - 1;
  for (int i = 0; i < width; ++i) row[i] = colours[std::min<int>(samples[i], most)];
}

/// libyuv's YuvPixel: luma is a fraction of 65,535 there. `narrowed` bits are lost before.
template <class Sample>
void Colour(const YuvConstants& by, const Sample* HWY_RESTRICT luma, const uint8_t* HWY_RESTRICT cb,
            const uint8_t* HWY_RESTRICT cr, int depth, int narrowed, int width,
            uint8_t* HWY_RESTRICT red, uint8_t* HWY_RESTRICT green, uint8_t* HWY_RESTRICT blue) {
  const YuvConstants c = by;
  const int bits = depth - narrowed;
  for (int i = 0; i < width; ++i) {
    const auto narrow = static_cast<uint16_t>(luma[i] >> narrowed);
    const auto full = static_cast<uint16_t>(narrow << (16 - bits) | narrow >> (2 * bits - 16));
    const auto scaled = static_cast<uint16_t>(static_cast<uint32_t>(full) * c.luma >> 16);
    const auto grey = static_cast<int16_t>(scaled + c.bias - (128 << 6));
    const auto u = static_cast<int16_t>(cb[i] - 128);
    const auto v = static_cast<int16_t>(cr[i] - 128);
    red[i] = Clamped(static_cast<int16_t>(grey + v * c.cr_to_red));
    green[i] = Clamped(static_cast<int16_t>(grey - u * c.cb_to_green - v * c.cr_to_green));
    blue[i] = Clamped(static_cast<int16_t>(grey + u * c.cb_to_blue));
  }
}

void Weave(const uint8_t* HWY_RESTRICT red, const uint8_t* HWY_RESTRICT green,
           const uint8_t* HWY_RESTRICT blue, int width, uint8_t* HWY_RESTRICT rgb) {
  for (int i = 0; i < width; ++i, rgb += 3) {
    rgb[0] = red[i];
    rgb[1] = green[i];
    rgb[2] = blue[i];
  }
}

/// Of 255, as libavif rounds.
uint8_t Rounded(float part) {
  constexpr float kHalf = 0.5F;
  return static_cast<uint8_t>(kHalf + part * 255.0F);
}

/// libavif's floats: a sample's part of its range.
std::vector<uint8_t> TableOf(const YuvPicture& picture) {
  const int most = (1 << picture.depth) - 1;
  const float bias = picture.full_range ? 0.0F : static_cast<float>(16 << (picture.depth - 8));
  const float range = static_cast<float>(picture.full_range ? most : 219 << (picture.depth - 8));
  std::vector<uint8_t> table(most + 1);
  for (int i = 0; i <= most; ++i) {
    table[i] = Rounded(std::clamp((static_cast<float>(i) - bias) / range, 0.0F, 1.0F));
  }
  return table;
}

const YuvConstants* ConstantsOf(const YuvPicture& picture) {
  static constexpr YuvConstants kI601{18997, -1160, 128, 25, 52, 102};
  static constexpr YuvConstants kJpeg{16320, 32, 113, 22, 46, 90};
  static constexpr YuvConstants kH709{18997, -1160, 128, 14, 34, 115};
  static constexpr YuvConstants kF709{16320, 32, 119, 12, 30, 101};
  static constexpr YuvConstants k2020{19003, -1160, 128, 12, 42, 107};
  static constexpr YuvConstants kV2020{16320, 32, 120, 11, 37, 94};
  int matrix = picture.matrix;
  if (matrix == 0 && picture.chroma == Chroma::kNone) matrix = 6;
  if (matrix == 12) {  // by the primaries, if those are of one of the others
    switch (picture.primaries) {
      case 1:
      case 2:
        matrix = 1;
        break;
      case 5:
      case 6:
      case 9:
        matrix = picture.primaries;
    }
  }
  switch (matrix) {
    case 1:
      return picture.full_range ? &kF709 : &kH709;
    case 2:
    case 5:
    case 6:
      return picture.full_range ? &kJpeg : &kI601;
    case 9:
      return picture.full_range ? &kV2020 : &k2020;
    default:
      return nullptr;
  }
}

}  // namespace

bool YuvRows::Know(const YuvPicture& picture) {
  if (picture.chroma == Chroma::kNone || ConstantsOf(picture) != nullptr) return true;
  return picture.matrix == 0 && picture.chroma == Chroma::k444;
}

void YuvRows::Start(const YuvPicture& picture) {
  picture_ = &picture;
  const bool has_alpha = picture.alpha.data != nullptr;
  const bool grey = picture.chroma == Chroma::kNone;
  constants_ = grey && !has_alpha ? nullptr : ConstantsOf(picture);
  if (constants_ == nullptr) table_ = TableOf(picture);
  // libyuv has RGBA of 10 bits, and of 12 where chroma is repeated; all else begins with 8 bits.
  nearest_ = has_alpha && picture.depth == 12 && picture.chroma == Chroma::k420;
  const bool wide = nearest_ || (has_alpha && picture.depth == 10 && !grey);
  narrowed_ = wide ? 0 : picture.depth - 8;
  rounded_alpha_ = nearest_ || grey || constants_ == nullptr;

  const size_t row = (static_cast<size_t>(picture.width) + 63) / 64 * 64;
  uint8_t* memory = memory_.Get(row * 8);
  for (uint8_t** at : {&cb_, &cr_, &red_, &green_, &blue_, &alpha_}) {
    *at = memory;
    memory += row;
  }
  blend_ = reinterpret_cast<uint16_t*>(memory);
  if (grey) {
    std::memset(cb_, 128, row);
    std::memset(cr_, 128, row);
  }
}

template <class Sample>
void YuvRows::FillChroma(const YuvPlane& plane, int y, uint8_t* row) {
  const int width = picture_->width;
  const int cut = picture_->depth - 8;
  const bool halved = picture_->chroma == Chroma::k420;
  const Sample* near = RowOf<Sample>(plane, halved ? y / 2 : y);
  if (picture_->chroma == Chroma::k444) {
    for (int i = 0; i < width; ++i) row[i] = static_cast<uint8_t>(near[i] >> cut);
  } else if (nearest_) {
    for (int i = 0; i < width; ++i) row[i] = static_cast<uint8_t>(near[i / 2] >> cut);
  } else {
    const bool between = halved && y > 0 && (y % 2 == 0 || y < picture_->height - 1);
    const Sample* far = between ? RowOf<Sample>(plane, y % 2 == 0 ? y / 2 - 1 : y / 2 + 1) : near;
    Spread(near, far, narrowed_, cut - narrowed_, width, blend_, row);
  }
}

template <class Sample>
void YuvRows::FillAlpha(int y) {
  const Sample* HWY_RESTRICT from = RowOf<Sample>(picture_->alpha, y);
  const int cut = picture_->depth - 8;
  if (cut > 0 && rounded_alpha_) {
    const auto most = static_cast<float>((1 << picture_->depth) - 1);
    for (int i = 0; i < picture_->width; ++i) {
      alpha_[i] = Rounded(static_cast<float>(from[i]) / most);
    }
  } else {
    for (int i = 0; i < picture_->width; ++i) alpha_[i] = static_cast<uint8_t>(from[i] >> cut);
  }
}

template <class Sample>
void YuvRows::Fill(int y) {
  const int width = picture_->width;
  const Sample* luma = RowOf<Sample>(picture_->luma, y);
  if (constants_ == nullptr) {
    const bool grey = picture_->chroma == Chroma::kNone;
    Look(grey ? luma : RowOf<Sample>(picture_->cr, y), table_, width, red_);
    Look(luma, table_, width, green_);
    Look(grey ? luma : RowOf<Sample>(picture_->cb, y), table_, width, blue_);
  } else {
    if (picture_->chroma != Chroma::kNone) {
      FillChroma<Sample>(picture_->cb, y, cb_);
      FillChroma<Sample>(picture_->cr, y, cr_);
    }
    Colour(*constants_, luma, cb_, cr_, picture_->depth, narrowed_, width, red_, green_, blue_);
  }
  if (picture_->alpha.data == nullptr) {
    std::memset(alpha_, 255, width);
    return;
  }
  FillAlpha<Sample>(y);
  if (!picture_->premultiplied) return;
  for (uint8_t* row : {red_, green_, blue_}) {
    for (int i = 0; i < width; ++i) row[i] = Unmultiplied(row[i], alpha_[i]);
  }
}

void YuvRows::ToRgb(int y, uint8_t* rgb) {
  picture_->depth == 8 ? Fill<uint8_t>(y) : Fill<uint16_t>(y);
  Weave(red_, green_, blue_, picture_->width, rgb);
}

void YuvRows::ToRgba(int y, uint8_t* rgba) {
  picture_->depth == 8 ? Fill<uint8_t>(y) : Fill<uint16_t>(y);
  for (int i = 0, width = picture_->width; i < width; ++i, rgba += 4) {
    rgba[0] = red_[i];
    rgba[1] = green_[i];
    rgba[2] = blue_[i];
    rgba[3] = alpha_[i];
  }
}

}  // namespace pomona::image
