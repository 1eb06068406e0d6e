// The passes by 8-bit dot product, for AVX-512 with VNNI and VBMI (Ice Lake, Zen 4 and
// later). Included by resample_passes.cc only, once per target: no include guard.
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "pomona/image/pass_tables.h"
#include "pomona/image/weight_parts.h"

// Not HWY_BEFORE_NAMESPACE: for this target Highway 1.0 checks that the CPU has AVX-512 VNNI,
// but allows the compiler AVX-VNNI, which is another extension and not in Ice Lake or Zen 4.
HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR_AVX3 ",avx512vnni,avx512vbmi")
namespace pomona::image {
namespace HWY_NAMESPACE {

// A 32-bit lane takes four neighbouring input pixels of one colour (vpermb) and
// multiplies them by four signed bytes (vpdpbusd), once for each of the weight's three
// bytes. A sum is then ((high << 8) + middle << 8) + low, modulo 2^32.

struct Bytes64 {
  alignas(64) uint8_t b[64];
};

/// The signed bytes of four weights, as vpdpbusd takes them.
inline void PutWeights(const AxisWeights& axis, int x, int tap, int lane, Bytes64* parts) {
  for (int t = 0; t < 4 && tap + t < axis.taps; ++t) {
    const auto bytes = SplitToBytes(axis.weights[static_cast<size_t>(x) * axis.taps + tap + t]);
    for (int p = 0; p < 3; ++p) parts[p].b[4 * lane + t] = static_cast<uint8_t>(bytes[p]);
  }
}

/// kBlocks: 64 output bytes (RGBRGB...) as four vectors of 16 lanes; the inputs of a
/// vector lie within 64 bytes. For up to 8 weights a pixel: all enlargements, and
/// reductions to half. Table: per vector, the shuffle of each four weights, then for each
/// four weights the three bytes.
inline bool BuildBlocks(const AxisWeights& axis, HorizontalPass& pass) {
  const int quads = (axis.taps + 3) / 4;
  if (quads > 2) return false;
  const int vectors = (axis.out_size * 3 + 63) / 64 * 4;
  auto& offsets = HorizontalTables::Offsets(pass);
  offsets.assign(vectors, 0);
  for (int v = 0; v < vectors && v * 16 < axis.out_size * 3; ++v) {
    const int x = v * 16 / 3;
    const int last = std::min((v * 16 + 15) / 3, axis.out_size - 1);
    if ((axis.first[last] - axis.first[x] + axis.taps) * 3 > 64) return false;
    offsets[v] = axis.first[x] * 3;
  }
  HorizontalTables::Layout(pass) = HorizontalTables::Kind::kBlocks;
  auto* table = reinterpret_cast<Bytes64*>(
      HorizontalTables::Allocate(pass, static_cast<size_t>(vectors) * quads * 4 * 64));
  HorizontalTables::Quads(pass) = quads;
  for (int v = 0; v < vectors; ++v) {
    Bytes64* shuffle = table + static_cast<size_t>(v) * quads * 4;
    Bytes64* parts = shuffle + quads;
    for (int lane = 0; lane < 16; ++lane) {
      const int x = (v * 16 + lane) / 3;
      const int colour = (v * 16 + lane) % 3;
      if (x >= axis.out_size) continue;
      for (int q = 0; q < quads; ++q) {
        for (int t = 0; t < 4; ++t) {
          // Taps that pad the four have weight zero: any byte within reach will do.
          const int from = (axis.first[x] + 4 * q + t) * 3 + colour - offsets[v];
          shuffle[q].b[4 * lane + t] = static_cast<uint8_t>(std::min(from, 63));
        }
        PutWeights(axis, x, 4 * q, lane, parts + 3 * q);
      }
    }
  }
  return true;
}

/// kSteps: one output pixel at a time, 16 weights a step (four lanes for each colour).
/// Table: per pixel and step, the three bytes.
inline void BuildSteps(const AxisWeights& axis, HorizontalPass& pass) {
  const int steps = (axis.taps + 15) / 16;
  HorizontalTables::Layout(pass) = HorizontalTables::Kind::kSteps;
  HorizontalTables::Quads(pass) = steps;
  auto& offsets = HorizontalTables::Offsets(pass);
  offsets.resize(axis.out_size);
  auto* parts = reinterpret_cast<Bytes64*>(
      HorizontalTables::Allocate(pass, static_cast<size_t>(axis.out_size) * steps * 3 * 64));
  for (int x = 0; x < axis.out_size; ++x) {
    offsets[x] = axis.first[x] * 3;
    for (int s = 0; s < steps; ++s, parts += 3) {
      for (int lane = 0; lane < 16; ++lane) {
        if (lane % 4 < 3) PutWeights(axis, x, 16 * s + lane / 4 * 4, lane, parts);
      }
    }
  }
}

inline void BuildHorizontal(const AxisWeights& axis, HorizontalPass& pass) {
  HorizontalTables::OutSize(pass) = axis.out_size;
  if (!BuildBlocks(axis, pass)) BuildSteps(axis, pass);
}

HWY_INLINE __m512i Permute(__m512i index, const uint8_t* from) {
  return _mm512_permutexvar_epi8(index, _mm512_loadu_si512(from));
}

template <int kQuads>
HWY_INLINE __m512i BlockSums(const __m512i* table, const uint8_t* from) {
  __m512i pixels[kQuads];
  for (int q = 0; q < kQuads; ++q) pixels[q] = Permute(table[q], from);
  // Half a unit of the result, as it is after two shifts by 8.
  __m512i sum = _mm512_set1_epi32(1 << (kWeightBits - 1 - 16));
  for (int part = 2; part >= 0; --part) {
    for (int q = 0; q < kQuads; ++q) {
      sum = _mm512_dpbusd_epi32(sum, pixels[q], table[kQuads + 3 * q + part]);
    }
    if (part > 0) sum = _mm512_slli_epi32(sum, 8);
  }
  return _mm512_srai_epi32(sum, kWeightBits);
}

template <int kQuads>
HWY_INLINE void RunBlocks(const HorizontalPass& pass, const uint8_t* const* in, uint8_t* const* out,
                          int rows) {
  // Packing works within 128-bit blocks; this puts the lanes back in order.
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  const int blocks = (HorizontalTables::OutSize(pass) * 3 + 63) / 64;
  const auto* table = reinterpret_cast<const __m512i*>(HorizontalTables::Table(pass));
  const int32_t* offsets = HorizontalTables::Offsets(pass);
  for (int b = 0; b < blocks; ++b, table += kQuads * 16, offsets += 4) {
    for (int r = 0; r < rows; ++r) {
      __m512i sums[4];
      for (int v = 0; v < 4; ++v) {
        sums[v] = BlockSums<kQuads>(table + kQuads * 4 * v, in[r] + offsets[v]);
      }
      const __m512i bytes = _mm512_packus_epi16(_mm512_packs_epi32(sums[0], sums[1]),
                                                _mm512_packs_epi32(sums[2], sums[3]));
      _mm512_storeu_si512(out[r] + 64 * b, _mm512_permutexvar_epi32(order, bytes));
    }
  }
}

HWY_INLINE __m512i AddHalves(__m512i a, __m512i b) {
  return _mm512_add_epi32(_mm512_shuffle_i32x4(a, b, 0x44), _mm512_shuffle_i32x4(a, b, 0xEE));
}

/// Adds the four 128-bit blocks of each vector; block i of the result is the sum of v[i].
HWY_INLINE __m512i SumBlocks(const __m512i* v) {
  const __m512i v01 = AddHalves(v[0], v[1]);
  const __m512i v23 = AddHalves(v[2], v[3]);
  return _mm512_add_epi32(_mm512_shuffle_i32x4(v01, v23, 0x88),
                          _mm512_shuffle_i32x4(v01, v23, 0xDD));
}

HWY_INLINE void RunSteps(const HorizontalPass& pass, const uint8_t* const* in, uint8_t* const* out,
                         int rows) {
  Bytes64 shuffle;
  for (int i = 0; i < 64; ++i) {
    const int lane = i / 4, tap = lane / 4 * 4 + i % 4, colour = std::min(lane % 4, 2);
    shuffle.b[i] = static_cast<uint8_t>(tap * 3 + colour);
  }
  const __m512i index = _mm512_load_si512(shuffle.b);
  const __m512i half = _mm512_set1_epi32(1 << (kWeightBits - 1));
  const __m512i first_lanes = _mm512_setr_epi32(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const int steps = HorizontalTables::Quads(pass);
  const int32_t* offsets = HorizontalTables::Offsets(pass);
  for (int r = 0; r < rows; r += 4) {
    // Four rows share the weights; rows that are missing repeat the last one.
    const uint8_t* from[4];
    uint8_t* to[4];
    for (int i = 0; i < 4; ++i) {
      from[i] = in[std::min(r + i, rows - 1)];
      to[i] = out[std::min(r + i, rows - 1)];
    }
    const auto* table = reinterpret_cast<const __m512i*>(HorizontalTables::Table(pass));
    for (int x = 0; x < HorizontalTables::OutSize(pass); ++x) {
      __m512i sums[4][3];
      for (auto& row : sums) row[0] = row[1] = row[2] = _mm512_setzero_si512();
      ptrdiff_t at = offsets[x];
      for (int s = 0; s < steps; ++s, at += 48, table += 3) {
        for (int i = 0; i < 4; ++i) {
          const __m512i pixels = Permute(index, from[i] + at);
          for (int p = 0; p < 3; ++p) {
            sums[i][p] = _mm512_dpbusd_epi32(sums[i][p], pixels, table[p]);
          }
        }
      }
      __m512i totals[4];
      for (int i = 0; i < 4; ++i) {
        const __m512i upper = _mm512_add_epi32(_mm512_slli_epi32(sums[i][2], 8), sums[i][1]);
        totals[i] = _mm512_add_epi32(_mm512_slli_epi32(upper, 8), sums[i][0]);
      }
      const __m512i value =
          _mm512_srai_epi32(_mm512_add_epi32(SumBlocks(totals), half), kWeightBits);
      const __m512i words = _mm512_packs_epi32(value, value);
      const __m512i bytes = _mm512_packus_epi16(words, words);
      alignas(16) uint32_t pixel[4];
      _mm_store_si128(reinterpret_cast<__m128i*>(pixel),
                      _mm512_castsi512_si128(_mm512_permutexvar_epi32(first_lanes, bytes)));
      for (int i = 0; i < 4; ++i) std::memcpy(to[i] + 3 * x, &pixel[i], 4);
    }
  }
}

inline void RunHorizontal(const HorizontalPass& pass, const uint8_t* const* in, uint8_t* const* out,
                          int rows) {
  if (HorizontalTables::Layout(pass) == HorizontalTables::Kind::kSteps) {
    RunSteps(pass, in, out, rows);
  } else if (HorizontalTables::Quads(pass) == 1) {
    RunBlocks<1>(pass, in, out, rows);
  } else {
    RunBlocks<2>(pass, in, out, rows);
  }
}

// Four rows are interleaved so that a 32-bit lane has one byte of each, for vpdpbusd.
// Table: per output row and four weights, the three signed bytes of the weights.
inline void BuildVertical(const AxisWeights& axis, VerticalPass& pass) {
  const int quads = (axis.taps + 3) / 4;
  VerticalTables::Window(pass) = quads * 4;
  VerticalTables::First(pass) = axis.first;
  auto& words = VerticalTables::Words(pass);
  words.assign(static_cast<size_t>(axis.out_size) * quads * 3, 0);
  int32_t* word = words.data();
  for (int y = 0; y < axis.out_size; ++y) {
    const int32_t* weights = &axis.weights[static_cast<size_t>(y) * axis.taps];
    for (int q = 0; q < quads; ++q, word += 3) {
      for (int t = 0; t < 4 && 4 * q + t < axis.taps; ++t) {
        const auto bytes = SplitToBytes(weights[4 * q + t]);
        for (int p = 0; p < 3; ++p) {
          word[p] |= static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint8_t>(bytes[p]))
                                          << (8 * t));
        }
      }
    }
  }
}

struct Interleaved {
  __m512i v[4];
};

/// Lane i of v[k], within each 128-bit block: byte 4k+i of the four rows.
HWY_INLINE Interleaved InterleaveRows(const uint8_t* const* in, size_t at) {
  const __m512i r0 = _mm512_loadu_si512(in[0] + at);
  const __m512i r1 = _mm512_loadu_si512(in[1] + at);
  const __m512i r2 = _mm512_loadu_si512(in[2] + at);
  const __m512i r3 = _mm512_loadu_si512(in[3] + at);
  const __m512i lower01 = _mm512_unpacklo_epi8(r0, r1);
  const __m512i upper01 = _mm512_unpackhi_epi8(r0, r1);
  const __m512i lower23 = _mm512_unpacklo_epi8(r2, r3);
  const __m512i upper23 = _mm512_unpackhi_epi8(r2, r3);
  return {{_mm512_unpacklo_epi16(lower01, lower23), _mm512_unpackhi_epi16(lower01, lower23),
           _mm512_unpacklo_epi16(upper01, upper23), _mm512_unpackhi_epi16(upper01, upper23)}};
}

HWY_INLINE void StoreSums(const __m512i* sums, uint8_t* out, size_t bytes) {
  const __m512i packed =
      _mm512_packus_epi16(_mm512_packs_epi32(_mm512_srai_epi32(sums[0], kWeightBits),
                                             _mm512_srai_epi32(sums[1], kWeightBits)),
                          _mm512_packs_epi32(_mm512_srai_epi32(sums[2], kWeightBits),
                                             _mm512_srai_epi32(sums[3], kWeightBits)));
  if (bytes >= 64) {
    _mm512_storeu_si512(out, packed);
  } else {
    _mm512_mask_storeu_epi8(out, (1ull << bytes) - 1, packed);
  }
}

/// At most four weights a row: the rows are interleaved once for all output rows.
HWY_INLINE void RunQuad(const int32_t* words, int rows, const uint8_t* const* in,
                        uint8_t* const* out, size_t bytes) {
  const __m512i half = _mm512_set1_epi32(1 << (kWeightBits - 1 - 16));
  for (size_t at = 0; at < bytes; at += 64) {
    const Interleaved pixels = InterleaveRows(in, at);
    for (int r = 0; r < rows; ++r) {
      const __m512i high = _mm512_set1_epi32(words[3 * r + 2]);
      const __m512i middle = _mm512_set1_epi32(words[3 * r + 1]);
      const __m512i low = _mm512_set1_epi32(words[3 * r]);
      __m512i sums[4];
      for (int k = 0; k < 4; ++k) {
        __m512i sum = _mm512_dpbusd_epi32(half, pixels.v[k], high);
        sum = _mm512_dpbusd_epi32(_mm512_slli_epi32(sum, 8), pixels.v[k], middle);
        sums[k] = _mm512_dpbusd_epi32(_mm512_slli_epi32(sum, 8), pixels.v[k], low);
      }
      StoreSums(sums, out[r] + at, bytes - at);
    }
  }
}

HWY_INLINE void RunQuads(const int32_t* words, int quads, const uint8_t* const* in, uint8_t* out,
                         size_t bytes) {
  for (size_t at = 0; at < bytes; at += 64) {
    __m512i low[4], middle[4], high[4];
    for (int k = 0; k < 4; ++k) {
      low[k] = _mm512_set1_epi32(1 << (kWeightBits - 1));
      middle[k] = high[k] = _mm512_setzero_si512();
    }
    for (int q = 0; q < quads; ++q) {
      const Interleaved pixels = InterleaveRows(in + 4 * q, at);
      const __m512i wl = _mm512_set1_epi32(words[3 * q]);
      const __m512i wm = _mm512_set1_epi32(words[3 * q + 1]);
      const __m512i wh = _mm512_set1_epi32(words[3 * q + 2]);
      for (int k = 0; k < 4; ++k) {
        low[k] = _mm512_dpbusd_epi32(low[k], pixels.v[k], wl);
        middle[k] = _mm512_dpbusd_epi32(middle[k], pixels.v[k], wm);
        high[k] = _mm512_dpbusd_epi32(high[k], pixels.v[k], wh);
      }
    }
    __m512i sums[4];
    for (int k = 0; k < 4; ++k) {
      const __m512i upper = _mm512_add_epi32(_mm512_slli_epi32(high[k], 8), middle[k]);
      sums[k] = _mm512_add_epi32(_mm512_slli_epi32(upper, 8), low[k]);
    }
    StoreSums(sums, out + at, bytes - at);
  }
}

inline void RunVertical(const VerticalPass& pass, int y, int rows, const uint8_t* const* in,
                        uint8_t* const* out, size_t bytes) {
  const int quads = pass.window() / 4;
  const int32_t* words = VerticalTables::Words(pass) + static_cast<size_t>(y) * quads * 3;
  if (quads == 1) {
    RunQuad(words, rows, in, out, bytes);
    return;
  }
  for (int r = 0; r < rows; ++r) RunQuads(words + r * quads * 3, quads, in, out[r], bytes);
}

}  // namespace HWY_NAMESPACE
}  // namespace pomona::image
HWY_POP_ATTRIBUTES
