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
#include "pomona/image/png_metadata.h"
#include "pomona/image/png_pixel_stream.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

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
      return Rejected(RejectReason::kTooMuchMemory, fmt::format("PNG cannot be decoded: {}", text));
    default:
      return Rejected(RejectReason::kCorrupt, fmt::format("PNG cannot be decoded: {}", text));
  }
}

int Orientation(std::span<const uint8_t> encoded) {
  const PngMetadata found = FindPngMetadata(encoded);
  return OrientationOf({reinterpret_cast<const uint8_t*>(found.exif.data()), found.exif.size()},
                       found.xmp);
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

int ReadStream(spng_ctx*, void* stream, void* to, size_t bytes) {
  return static_cast<PngPixelStream*>(stream)->Read(to, bytes) ? SPNG_OK : SPNG_IO_EOF;
}

}  // namespace

arrow::Status PngDecoder::ReadInterlaced(spng_ctx* context, const spng_ihdr& header,
                                         size_t row_bytes, ImageBudget& budget) {
  uint8_t* stored = stored_.Get(row_bytes * header.height);
  // libspng ORs samples of less than 8 bits into an interlaced image.
  if (header.bit_depth < 8) std::memset(stored, 0, row_bytes * header.height);
  for (;;) {
    spng_row_info row{};
    int code = spng_get_row_info(context, &row);
    if (code == SPNG_OK) {
      code = spng_decode_row(context, stored + row_bytes * row.row_num, row_bytes);
    }
    if (code == SPNG_EOI) return arrow::Status::OK();
    if (code != SPNG_OK) return Failure(code);
    ARROW_RETURN_NOT_OK(budget.Spend(header.width));
  }
}

arrow::Status PngDecoder::Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                                 RowSink& sink) {
  const Context context(spng_ctx_new(0));
  if (context == nullptr) return Failure(SPNG_EMEM);
  PngPixelStream stream(encoded);
  if (const int code = spng_set_png_stream(context.get(), ReadStream, &stream)) {
    return Failure(code);
  }
  spng_ihdr header{};
  if (const int code = spng_get_ihdr(context.get(), &header)) return Failure(code);
  ARROW_RETURN_NOT_OK(CheckPixelLimit(header.width, header.height, options));
  if (const int code = ReadFormat(context.get(), header, &format_)) return Failure(code);

  const int width = static_cast<int>(header.width);
  const int height = static_cast<int>(header.height);
  ARROW_RETURN_NOT_OK(sink.Start(width, height, options.exif_rotate ? Orientation(encoded) : 1));

  const size_t row_bytes = format_.RowBytes(width);
  const bool interlaced = header.interlace_method != SPNG_INTERLACE_NONE;
  if (const int code =
          spng_decode_image(context.get(), nullptr, 0, SPNG_FMT_RAW, SPNG_DECODE_PROGRESSIVE)) {
    return Failure(code);
  }
  if (interlaced) {
    ARROW_RETURN_NOT_OK(sink.budget().Take(row_bytes * height));
    ARROW_RETURN_NOT_OK(ReadInterlaced(context.get(), header, row_bytes, sink.budget()));
  }
  uint8_t* stored = stored_.Get(row_bytes);

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
    ARROW_RETURN_NOT_OK(sink.Push(strip, stride, rows));
  }
  stored_.ShrinkTo(64 << 20);
  return arrow::Status::OK();
}

}  // namespace pomona::image
