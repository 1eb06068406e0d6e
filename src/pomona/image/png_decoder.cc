#include "pomona/image/png_decoder.h"

#include <fmt/format.h>
#include <spng.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "pomona/image/alpha.h"
#include "pomona/image/orientation.h"
#include "pomona/image/pixel_limit.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

/// Metadata that libspng may hold, in bytes: compressed profiles and texts can be bombs.
constexpr size_t kMaxMetadata = 64 << 20;
constexpr size_t kMaxChunk = 0x7fffffff;

struct FreeContext {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using Context = std::unique_ptr<spng_ctx, FreeContext>;

arrow::Status Failure(int code) {
  const std::string_view text = spng_strerror(code);
  switch (code) {
    case SPNG_IO_EOF:
    case SPNG_EOF:
      return Rejected(RejectReason::kTruncated, "PNG ends before its last row");
    case SPNG_EMEM:
      return Rejected(RejectReason::kTooManyPixels, fmt::format("PNG cannot be decoded: {}", text));
    default:
      return Rejected(RejectReason::kCorrupt, fmt::format("PNG cannot be decoded: {}", text));
  }
}

/// The eXIf chunk, which may lie behind the pixels; empty if there is none.
std::span<const uint8_t> FindExif(std::span<const uint8_t> encoded) {
  constexpr size_t kSignature = 8, kChunkFrame = 12;
  size_t at = kSignature;
  while (at + kChunkFrame <= encoded.size()) {
    size_t length = 0;
    for (int i = 0; i < 4; ++i) length = length << 8 | encoded[at + i];
    if (length > encoded.size() - at - kChunkFrame) break;
    if (std::memcmp(&encoded[at + 4], "eXIf", 4) == 0) return encoded.subspan(at + 8, length);
    at += kChunkFrame + length;
  }
  return {};
}

/// An error only where a chunk that must be there is not.
int ReadFormat(spng_ctx* context, const spng_ihdr& header, PngFormat* format) {
  format->color_type = header.color_type;
  format->bit_depth = header.bit_depth;
  format->transparent.reset();
  spng_trns transparent{};
  // Reads on to the pixels; errors other than "no such chunk" are damage.
  const int code = spng_get_trns(context, &transparent);
  if (code != SPNG_OK && code != SPNG_ECHUNKAVAIL) return code;
  const bool has_transparent = code == SPNG_OK;
  if (header.color_type == SPNG_COLOR_TYPE_GRAYSCALE && has_transparent) {
    format->transparent = {transparent.gray, 0, 0};
  } else if (header.color_type == SPNG_COLOR_TYPE_TRUECOLOR && has_transparent) {
    format->transparent = {transparent.red, transparent.green, transparent.blue};
  } else if (header.color_type == SPNG_COLOR_TYPE_INDEXED) {
    spng_plte palette{};
    if (const int missing = spng_get_plte(context, &palette); missing != SPNG_OK) {
      return missing == SPNG_ECHUNKAVAIL ? SPNG_ENOPLTE : missing;
    }
    for (unsigned i = 0; i < 256; ++i) {
      format->palette[i] = {0, 0, 0, 255};
      if (i < palette.n_entries) {
        const spng_plte_entry& entry = palette.entries[i];
        format->palette[i] = {entry.red, entry.green, entry.blue, 255};
      }
      if (has_transparent && i < transparent.n_type3_entries) {
        format->palette[i][3] = transparent.type3_alpha[i];
      }
    }
  }
  return SPNG_OK;
}

}  // namespace

arrow::Status PngDecoder::Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                                 RowSink& sink) {
  const Context context(spng_ctx_new(0));
  if (context == nullptr) return Failure(SPNG_EMEM);
  spng_set_chunk_limits(context.get(), kMaxChunk, kMaxMetadata);
  if (const int code = spng_set_png_buffer(context.get(), encoded.data(), encoded.size())) {
    return Failure(code);
  }
  spng_ihdr header{};
  if (const int code = spng_get_ihdr(context.get(), &header)) return Failure(code);
  ARROW_RETURN_NOT_OK(CheckPixelLimit(header.width, header.height, options));
  if (const int code = ReadFormat(context.get(), header, &format_)) return Failure(code);

  const int width = static_cast<int>(header.width);
  const int height = static_cast<int>(header.height);
  ARROW_RETURN_NOT_OK(
      sink.Start(width, height, options.exif_rotate ? ExifOrientation(FindExif(encoded)) : 1));

  const size_t row_bytes = format_.RowBytes(width);
  const bool interlaced = header.interlace_method != SPNG_INTERLACE_NONE;
  uint8_t* stored = stored_.Get(row_bytes * (interlaced ? height : 1));
  // libspng ORs samples of less than 8 bits into an interlaced image.
  if (interlaced && header.bit_depth < 8) std::memset(stored, 0, row_bytes * height);
  const int code =
      interlaced
          ? spng_decode_image(context.get(), stored, row_bytes * height, SPNG_FMT_RAW, 0)
          : spng_decode_image(context.get(), nullptr, 0, SPNG_FMT_RAW, SPNG_DECODE_PROGRESSIVE);
  if (code != SPNG_OK) return Failure(code);

  const bool composite = options.background.has_value() && format_.has_alpha();
  uint8_t* rgba = composite ? rgba_.Get(static_cast<size_t>(width) * 4) : nullptr;
  const size_t stride = static_cast<size_t>(width) * 3 + kRowPadding;
  uint8_t* strip = strip_.Get(stride * kStripRows);
  for (int y = 0; y < height;) {
    const int rows = std::min(kStripRows, height - y);
    for (int r = 0; r < rows; ++r, ++y) {
      if (interlaced) {
        stored = stored_.Get(0) + row_bytes * y;
      } else if (const int bad = spng_decode_scanline(context.get(), stored, row_bytes);
                 bad != SPNG_OK && bad != SPNG_EOI) {
        return Failure(bad);
      }
      if (composite) {
        PngRowToRgba(format_, stored, width, rgba);
        CompositeOn(*options.background, rgba, width, strip + stride * r);
      } else {
        PngRowToRgb(format_, stored, width, strip + stride * r);
      }
    }
    sink.Push(strip, stride, rows);
  }
  stored_.ShrinkTo(64 << 20);
  return arrow::Status::OK();
}

}  // namespace pomona::image
