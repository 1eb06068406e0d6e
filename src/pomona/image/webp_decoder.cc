#include "pomona/image/webp_decoder.h"

#include <fmt/format.h>
#include <webp/decode.h>
#include <webp/demux.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "pomona/image/alpha.h"
#include "pomona/image/orientation.h"
#include "pomona/image/pixel_limit.h"
#include "pomona/image/webp_container.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

struct FreeDemuxer {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
using Demuxer = std::unique_ptr<WebPDemuxer, FreeDemuxer>;

arrow::Status Failure(VP8StatusCode code) {
  switch (code) {
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      return Rejected(RejectReason::kTruncated, "WebP ends before its last row");
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return Rejected(RejectReason::kUnsupportedFormat, "WebP uses an unsupported feature");
    case VP8_STATUS_OUT_OF_MEMORY:
      return Rejected(RejectReason::kTooMuchMemory, "no memory for a WebP image of this size");
    default:
      return Rejected(
          RejectReason::kCorrupt,
          fmt::format("WebP cannot be decoded: libwebp status {}", static_cast<int>(code)));
  }
}

/// The part of the canvas that the (first) frame covers, and its chunks.
struct Frame {
  std::span<const uint8_t> data;
  int x = 0;
  int y = 0;
};

/// What libwebp holds of the whole image beside its result: of a lossless one all pixels, of
/// a lossy one with alpha, at most, the plane of alpha and the pixels that it is made of.
uint64_t InternalBytes(const WebPBitstreamFeatures& input) {
  constexpr int kLossless = 2;
  const uint64_t pixels = uint64_t{1} * input.width * input.height;
  return input.format == kLossless ? 4 * pixels : input.has_alpha ? 5 * pixels : 0;
}

/// What the demuxer of libwebp holds, at most, of each chunk and of each frame.
uint64_t DemuxerBytes(const WebpContainer& container) {
  return 64 * static_cast<uint64_t>(container.others) +
         160 * static_cast<uint64_t>(container.frames);
}

arrow::Result<Frame> FirstFrame(std::span<const uint8_t> encoded, const WebpContainer& container,
                                ImageBudget& budget) {
  ARROW_RETURN_NOT_OK(budget.Take(DemuxerBytes(container)));
  const WebPData data{encoded.data(), encoded.size()};
  const Demuxer demuxer(WebPDemux(&data));
  WebPIterator first;
  if (demuxer == nullptr || !WebPDemuxGetFrame(demuxer.get(), 1, &first)) {
    return Failure(VP8_STATUS_BITSTREAM_ERROR);
  }
  const Frame frame{{first.fragment.bytes, first.fragment.size}, first.x_offset, first.y_offset};
  WebPDemuxReleaseIterator(&first);
  return frame;
}

/// WebPDecode, in steps between which the budget is asked.
arrow::Status DecodeInSteps(std::span<const uint8_t> data, WebPDecoderConfig& config,
                            ImageBudget& budget) {
  constexpr size_t kLeastStep = 4096;
  const int64_t pixels = int64_t{config.input.width} * config.input.height;
  const size_t steps = static_cast<size_t>(pixels / ImageBudget::kPixelsPerLook) + 1;
  const size_t step = std::max(data.size() / steps, kLeastStep);
  const std::unique_ptr<WebPIDecoder, void (*)(WebPIDecoder*)> decoder(
      WebPIDecode(nullptr, 0, &config), WebPIDelete);
  if (decoder == nullptr) return Failure(VP8_STATUS_OUT_OF_MEMORY);
  VP8StatusCode code = VP8_STATUS_SUSPENDED;
  for (size_t end = 0; code == VP8_STATUS_SUSPENDED && end < data.size();) {
    end = std::min(end + step, data.size());
    code = WebPIUpdate(decoder.get(), data.data(), end);
    ARROW_RETURN_NOT_OK(budget.Spend(ImageBudget::kPixelsPerLook));
  }
  return code == VP8_STATUS_OK ? arrow::Status::OK() : Failure(code);
}

}  // namespace

arrow::Status WebpDecoder::Decode(std::span<const uint8_t> encoded, const ImageOptions& options,
                                  RowSink& sink) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) {
    return arrow::Status::Invalid("libwebp's version does not fit its headers");
  }
  const VP8StatusCode header = WebPGetFeatures(encoded.data(), encoded.size(), &config.input);
  if (header != VP8_STATUS_OK) return Failure(header);
  const int width = config.input.width;
  const int height = config.input.height;
  ARROW_RETURN_NOT_OK(CheckPixelLimit(width, height, options));

  ARROW_ASSIGN_OR_RAISE(const WebpContainer container, ReadWebpContainer(encoded, sink.budget()));
  Frame frame{container.image, 0, 0};
  if (config.input.has_animation) {
    ARROW_ASSIGN_OR_RAISE(frame, FirstFrame(encoded, container, sink.budget()));
  }
  // Of the picture alone: with all of the file, libwebp would go on into what lies behind it.
  const VP8StatusCode picture =
      WebPGetFeatures(frame.data.data(), frame.data.size(), &config.input);
  if (picture != VP8_STATUS_OK) return Failure(picture);
  if (frame.x + config.input.width > width || frame.y + config.input.height > height) {
    return Failure(VP8_STATUS_BITSTREAM_ERROR);
  }
  ARROW_RETURN_NOT_OK(sink.Start(
      width, height, options.exif_rotate ? OrientationOf(container.exif, container.xmp) : 1));

  const bool composite = options.background.has_value() && config.input.has_alpha;
  const size_t pixel_bytes = composite ? 4 : 3;
  const size_t stride = static_cast<size_t>(width) * pixel_bytes;
  const size_t canvas_bytes = stride * height;
  ARROW_RETURN_NOT_OK(sink.budget().Take(canvas_bytes + InternalBytes(config.input)));
  uint8_t* canvas = canvas_.Get(canvas_bytes + kRowPadding);
  if (config.input.width != width || config.input.height != height) {
    std::memset(canvas, 0, canvas_bytes);
  }
  const size_t offset = stride * frame.y + frame.x * pixel_bytes;
  config.output.colorspace = composite ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = canvas + offset;
  config.output.u.RGBA.stride = static_cast<int>(stride);
  config.output.u.RGBA.size = canvas_bytes - offset;
  if (int64_t{config.input.width} * config.input.height < ImageBudget::kPixelsPerLook) {
    const VP8StatusCode code = WebPDecode(frame.data.data(), frame.data.size(), &config);
    if (code != VP8_STATUS_OK) return Failure(code);
  } else {
    ARROW_RETURN_NOT_OK(DecodeInSteps(frame.data, config, sink.budget()));
  }

  if (!composite) {
    ARROW_RETURN_NOT_OK(sink.Push(canvas, stride, height));
  } else {
    constexpr int kStripRows = 16;
    const size_t strip_stride = static_cast<size_t>(width) * 3 + kRowPadding;
    uint8_t* strip = strip_.Get(strip_stride * kStripRows);
    for (int y = 0; y < height; y += kStripRows) {
      const int rows = std::min(kStripRows, height - y);
      for (int r = 0; r < rows; ++r) {
        CompositeOn(*options.background, canvas + stride * (y + r), width,
                    strip + strip_stride * r);
      }
      ARROW_RETURN_NOT_OK(sink.Push(strip, strip_stride, rows));
    }
  }
  canvas_.ShrinkTo(64 << 20);
  return arrow::Status::OK();
}

}  // namespace pomona::image
