// The passes by 16-bit multiply-add, for any CPU with vectors of 16 bytes or more.
// Included by resample_passes.cc only, once per target: no include guard.
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "pomona/image/pass_tables.h"
#include "pomona/image/weight_parts.h"

HWY_BEFORE_NAMESPACE();
namespace pomona::image {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A 128-bit block holds one output pixel as four 32-bit sums (R, G, B, unused);
// a wider vector holds the same pixel of two rows. Four input pixels (12 bytes) are
// shuffled into two pairs for 16-bit multiply-add. Table: per pixel and four weights,
// the words low01, low23, high01, high23.
inline void BuildHorizontal(const AxisWeights& axis, HorizontalPass& pass) {
  const int quads = (axis.taps + 3) / 4;
  // Pixels are stored in fours.
  const int padded = (axis.out_size + 3) / 4 * 4;
  HorizontalTables::OutSize(pass) = axis.out_size;
  HorizontalTables::Quads(pass) = quads;
  auto& offsets = HorizontalTables::Offsets(pass);
  offsets.assign(padded, 0);
  auto* words = reinterpret_cast<int32_t*>(
      HorizontalTables::Allocate(pass, static_cast<size_t>(padded) * quads * 16));
  for (int x = 0; x < axis.out_size; ++x) {
    offsets[x] = axis.first[x] * 3;
    for (int q = 0; q < quads; ++q, words += 4) {
      std::array<WordParts, 4> part{};
      for (int t = 0; t < 4 && 4 * q + t < axis.taps; ++t) {
        part[t] = SplitToWords(axis.weights[static_cast<size_t>(x) * axis.taps + 4 * q + t]);
      }
      words[0] = PackWords(part[0].low, part[1].low);
      words[1] = PackWords(part[2].low, part[3].low);
      words[2] = PackWords(part[0].high, part[1].high);
      words[3] = PackWords(part[2].high, part[3].high);
    }
  }
}

using DPixel = hn::CappedTag<uint8_t, 32>;
inline constexpr int kRowsAtOnce = hn::MaxLanes(DPixel()) / 16;

template <class D>
HWY_INLINE hn::VFromD<D> LoadPixels(D d, const uint8_t* const* in, int32_t offset) {
  if constexpr (kRowsAtOnce == 2) {
    const hn::Half<D> half;
    return hn::Combine(d, hn::LoadU(half, in[1] + offset), hn::LoadU(half, in[0] + offset));
  } else {
    return hn::LoadU(d, in[0] + offset);
  }
}

HWY_INLINE void RunPixels(const HorizontalPass& pass, const uint8_t* const* in,
                          uint8_t* const* out) {
  const DPixel d8;
  const hn::Repartition<int16_t, DPixel> d16;
  const hn::Repartition<int32_t, DPixel> d32;
  alignas(16) static constexpr uint8_t kPair01[16] = {0, 0x80, 3, 0x80, 1,    0x80, 4,    0x80,
                                                      2, 0x80, 5, 0x80, 0x80, 0x80, 0x80, 0x80};
  alignas(16) static constexpr uint8_t kPair23[16] = {6, 0x80, 9,  0x80, 7,    0x80, 10,   0x80,
                                                      8, 0x80, 11, 0x80, 0x80, 0x80, 0x80, 0x80};
  // From the bytes of pixels 0-3 per colour to RGBRGBRGBRGB.
  alignas(16) static constexpr uint8_t kToRgb[16] = {0,  4, 8, 1,  5,  9,  2,  6,
                                                     10, 3, 7, 11, 12, 13, 14, 15};
  const auto pair01 = hn::LoadDup128(d8, kPair01);
  const auto pair23 = hn::LoadDup128(d8, kPair23);
  const auto to_rgb = hn::LoadDup128(d8, kToRgb);
  const auto half = hn::Set(d32, 1 << (kWeightBits - 1));
  const auto most = hn::Set(d32, 255);

  const int quads = HorizontalTables::Quads(pass);
  const int32_t* offsets = HorizontalTables::Offsets(pass);
  const auto* words = reinterpret_cast<const int32_t*>(HorizontalTables::Table(pass));
  for (int x = 0; x < HorizontalTables::OutSize(pass); x += 4) {
    auto packed = hn::Zero(d32);
    for (int i = 3; i >= 0; --i) {
      auto low = hn::Zero(d32), low_odd = hn::Zero(d32);
      auto high = hn::Zero(d32), high_odd = hn::Zero(d32);
      int32_t offset = offsets[x + i];
      const int32_t* w = words + static_cast<size_t>(x + i) * quads * 4;
      for (int q = 0; q < quads; ++q, offset += 12, w += 4) {
        const auto pixels = LoadPixels(d8, in, offset);
        const auto p01 = hn::BitCast(d16, hn::TableLookupBytesOr0(pixels, pair01));
        const auto p23 = hn::BitCast(d16, hn::TableLookupBytesOr0(pixels, pair23));
        const auto weights = [&](int part)
                                 HWY_ATTR { return hn::BitCast(d16, hn::Set(d32, w[part])); };
        low = hn::ReorderWidenMulAccumulate(d32, p01, weights(0), low, low_odd);
        low = hn::ReorderWidenMulAccumulate(d32, p23, weights(1), low, low_odd);
        high = hn::ReorderWidenMulAccumulate(d32, p01, weights(2), high, high_odd);
        high = hn::ReorderWidenMulAccumulate(d32, p23, weights(3), high, high_odd);
      }
      low = hn::RearrangeToOddPlusEven(low, low_odd);
      high = hn::RearrangeToOddPlusEven(high, high_odd);
      const auto sum = hn::Add(hn::Add(hn::ShiftLeft<15>(high), low), half);
      const auto value = hn::Min(hn::Max(hn::ShiftRight<kWeightBits>(sum), hn::Zero(d32)), most);
      packed = hn::Or(hn::ShiftLeft<8>(packed), value);
    }
    const auto rgb = hn::TableLookupBytes(hn::BitCast(d8, packed), to_rgb);
    if constexpr (kRowsAtOnce == 2) {
      const hn::Half<DPixel> d128;
      hn::StoreU(hn::LowerHalf(d128, rgb), d128, out[0] + 3 * x);
      hn::StoreU(hn::UpperHalf(d128, rgb), d128, out[1] + 3 * x);
    } else {
      hn::StoreU(rgb, d8, out[0] + 3 * x);
    }
  }
}

inline void RunHorizontal(const HorizontalPass& pass, const uint8_t* const* in, uint8_t* const* out,
                          int rows) {
  int r = 0;
  for (; r + kRowsAtOnce <= rows; r += kRowsAtOnce) RunPixels(pass, in + r, out + r);
  if (r < rows) {
    // One row left of two: computed twice into the same place.
    const uint8_t* const twice_in[] = {in[r], in[r]};
    uint8_t* const twice_out[] = {out[r], out[r]};
    RunPixels(pass, twice_in, twice_out);
  }
}

// Two rows are interleaved and widened for 16-bit multiply-add. Table: per output row and
// two weights, the words low, high.
inline void BuildVertical(const AxisWeights& axis, VerticalPass& pass) {
  const int pairs = (axis.taps + 1) / 2;
  VerticalTables::Window(pass) = pairs * 2;
  VerticalTables::First(pass) = axis.first;
  auto& words = VerticalTables::Words(pass);
  words.reserve(static_cast<size_t>(axis.out_size) * pairs * 2);
  for (int y = 0; y < axis.out_size; ++y) {
    const int32_t* weights = &axis.weights[static_cast<size_t>(y) * axis.taps];
    for (int t = 0; t < axis.taps; t += 2) {
      const WordParts a = SplitToWords(weights[t]);
      const WordParts b = t + 1 < axis.taps ? SplitToWords(weights[t + 1]) : WordParts{};
      words.push_back(PackWords(a.low, b.low));
      words.push_back(PackWords(a.high, b.high));
    }
  }
}

using DColumn = hn::ScalableTag<uint8_t>;

/// This makes as many output bytes as a vector holds.
HWY_INLINE hn::VFromD<DColumn> ColumnBytes(int window, const int32_t* words,
                                           const uint8_t* const* in, size_t at) {
  const DColumn d8;
  const hn::Repartition<int16_t, DColumn> d16;
  const hn::Repartition<int32_t, DColumn> d32;
  auto low0 = hn::Zero(d32), low1 = low0, low2 = low0, low3 = low0;
  auto low0_odd = low0, low1_odd = low0, low2_odd = low0, low3_odd = low0;
  auto high0 = low0, high1 = low0, high2 = low0, high3 = low0;
  auto high0_odd = low0, high1_odd = low0, high2_odd = low0, high3_odd = low0;
  const auto zero = hn::Zero(d8);
  for (int t = 0; t < window; t += 2, words += 2) {
    const auto a = hn::LoadU(d8, in[t] + at);
    const auto b = hn::LoadU(d8, in[t + 1] + at);
    const auto lower = hn::InterleaveLower(d8, a, b);
    const auto upper = hn::InterleaveUpper(d8, a, b);
    const auto p0 = hn::BitCast(d16, hn::InterleaveLower(d8, lower, zero));
    const auto p1 = hn::BitCast(d16, hn::InterleaveUpper(d8, lower, zero));
    const auto p2 = hn::BitCast(d16, hn::InterleaveLower(d8, upper, zero));
    const auto p3 = hn::BitCast(d16, hn::InterleaveUpper(d8, upper, zero));
    const auto wl = hn::BitCast(d16, hn::Set(d32, words[0]));
    const auto wh = hn::BitCast(d16, hn::Set(d32, words[1]));
    low0 = hn::ReorderWidenMulAccumulate(d32, p0, wl, low0, low0_odd);
    low1 = hn::ReorderWidenMulAccumulate(d32, p1, wl, low1, low1_odd);
    low2 = hn::ReorderWidenMulAccumulate(d32, p2, wl, low2, low2_odd);
    low3 = hn::ReorderWidenMulAccumulate(d32, p3, wl, low3, low3_odd);
    high0 = hn::ReorderWidenMulAccumulate(d32, p0, wh, high0, high0_odd);
    high1 = hn::ReorderWidenMulAccumulate(d32, p1, wh, high1, high1_odd);
    high2 = hn::ReorderWidenMulAccumulate(d32, p2, wh, high2, high2_odd);
    high3 = hn::ReorderWidenMulAccumulate(d32, p3, wh, high3, high3_odd);
  }
  const auto half = hn::Set(d32, 1 << (kWeightBits - 1));
  const auto most = hn::Set(d32, 255);
  const auto value = [&](auto low, auto low_odd, auto high, auto high_odd) HWY_ATTR {
    const auto sum = hn::Add(hn::ShiftLeft<15>(hn::RearrangeToOddPlusEven(high, high_odd)),
                             hn::Add(hn::RearrangeToOddPlusEven(low, low_odd), half));
    return hn::Min(hn::Max(hn::ShiftRight<kWeightBits>(sum), hn::Zero(d32)), most);
  };
  auto packed = value(low3, low3_odd, high3, high3_odd);
  packed = hn::Or(hn::ShiftLeft<8>(packed), value(low2, low2_odd, high2, high2_odd));
  packed = hn::Or(hn::ShiftLeft<8>(packed), value(low1, low1_odd, high1, high1_odd));
  packed = hn::Or(hn::ShiftLeft<8>(packed), value(low0, low0_odd, high0, high0_odd));
  alignas(16) static constexpr uint8_t kTranspose[16] = {0, 4, 8,  12, 1, 5, 9,  13,
                                                         2, 6, 10, 14, 3, 7, 11, 15};
  return hn::TableLookupBytes(hn::BitCast(d8, packed), hn::LoadDup128(d8, kTranspose));
}

inline void RunVertical(const VerticalPass& pass, int y, int rows, const uint8_t* const* in,
                        uint8_t* const* out, size_t bytes) {
  const DColumn d8;
  const size_t step = hn::Lanes(d8);
  const int window = pass.window();
  const int32_t* words = VerticalTables::Words(pass) + static_cast<size_t>(y) * window;
  for (int r = 0; r < rows; ++r, words += window) {
    size_t at = 0;
    for (; at + step <= bytes; at += step) {
      hn::StoreU(ColumnBytes(window, words, in, at), d8, out[r] + at);
    }
    if (at < bytes) {
      HWY_ALIGN uint8_t tail[hn::MaxLanes(d8)];
      hn::Store(ColumnBytes(window, words, in, at), d8, tail);
      std::memcpy(out[r] + at, tail, bytes - at);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace pomona::image
HWY_AFTER_NAMESPACE();
