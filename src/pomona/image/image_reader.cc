#include "pomona/image/image_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>
#include <optional>
#include <string>

#include "pomona/base/clock.h"
#include "pomona/image/bmp_decoder.h"
#include "pomona/image/gif_decoder.h"
#include "pomona/image/heif_decoder.h"
#include "pomona/image/jpeg_decoder.h"
#include "pomona/image/png_decoder.h"
#include "pomona/image/pnm_decoder.h"
#include "pomona/image/resampler.h"
#include "pomona/image/row_sink.h"
#include "pomona/image/sniff.h"
#include "pomona/image/tiff_decoder.h"
#include "pomona/image/upright.h"
#include "pomona/image/webp_decoder.h"
#include "pomona/reject.h"

namespace pomona {
namespace {

int64_t NanosecondsSince(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

/// Hands rows to the resize, by way of Upright where the image lies on its side.
class TimedSink : public image::RowSink {
 public:
  explicit TimedSink(const ImageOptions& options)
      : largest_{options.width, options.height}, filter_(options.filter), budget_(options) {}

  /// `fitted`: the image keeps its proportions. Else it fills the size of the options.
  void SetOutput(uint8_t* pixels, bool fitted) {
    pixels_ = pixels;
    fitted_ = fitted;
  }

  arrow::Status Start(int width, int height, int orientation) override {
    const auto start = Clock::now();
    width_ = width;
    turned_ = orientation != 1;
    // Held whole until all of it is there.
    if (turned_) ARROW_RETURN_NOT_OK(budget_.Take(uint64_t{3} * width * height));
    ImageSize size = {width, height};
    if (turned_) {
      upright_.Start(width, height, orientation);
      size = {upright_.out_width(), upright_.out_height()};
    }
    SetSize(fitted_ ? FittedSize(size) : largest_);
    resampler_->Start(size.width, size.height, pixels_);
    nanoseconds_ += NanosecondsSince(start);
    return arrow::Status::OK();
  }

  arrow::Status Push(const uint8_t* rows, size_t stride, int count) override {
    const auto start = Clock::now();
    if (turned_) {
      upright_.Push(rows, stride, count);
    } else {
      resampler_->Push(rows, stride, count);
    }
    nanoseconds_ += NanosecondsSince(start);
    return budget_.Spend(int64_t{width_} * count);
  }

  image::ImageBudget& budget() override { return budget_; }

  void Finish() {
    if (!turned_) return;
    const auto start = Clock::now();
    upright_.Finish(*resampler_);
    nanoseconds_ += NanosecondsSince(start);
  }

  int64_t nanoseconds() const { return nanoseconds_; }
  /// Of the last image.
  ImageSize size() const { return size_; }

 private:
  ImageSize FittedSize(ImageSize size) const {
    const double scale = std::min({1.0, static_cast<double>(largest_.width) / size.width,
                                   static_cast<double>(largest_.height) / size.height});
    const auto scaled = [&](int length, int most) {
      return std::clamp(static_cast<int>(std::lround(length * scale)), 1, most);
    };
    return {scaled(size.width, largest_.width), scaled(size.height, largest_.height)};
  }

  /// Of the same size as the image before it keeps its tables.
  void SetSize(ImageSize size) {
    if (resampler_ && size.width == size_.width && size.height == size_.height) return;
    resampler_.emplace(size.width, size.height, filter_);
    size_ = size;
  }

  const ImageSize largest_;
  const ResizeFilter filter_;
  bool fitted_ = false;
  ImageSize size_;
  image::ImageBudget budget_;
  std::optional<image::Resampler> resampler_;
  image::Upright upright_;
  uint8_t* pixels_ = nullptr;
  int width_ = 0;
  bool turned_ = false;
  int64_t nanoseconds_ = 0;
};

/// Takes the size, and no row.
class SizeSink : public image::RowSink {
 public:
  explicit SizeSink(const ImageOptions& options) : budget_(options) {}

  arrow::Status Start(int width, int height, int orientation) override {
    constexpr int kFirstOnItsSide = 5;
    size_ = orientation < kFirstOnItsSide ? ImageSize{width, height} : ImageSize{height, width};
    return arrow::Status::Cancelled("the size is known");
  }
  arrow::Status Push(const uint8_t* /*rows*/, size_t /*stride*/, int /*count*/) override {
    return arrow::Status::Cancelled("the size is known");
  }
  image::ImageBudget& budget() override { return budget_; }
  const std::optional<ImageSize>& size() const { return size_; }

 private:
  image::ImageBudget budget_;
  std::optional<ImageSize> size_;
};

}  // namespace

class ImageReader::Impl {
 public:
  explicit Impl(const ImageOptions& options) : options_(options), sink_(options) {}

  arrow::Status Read(std::span<const uint8_t> encoded, uint8_t* pixels, bool fitted) {
    if (encoded.empty()) return Rejected(RejectReason::kEmptyFile, "file has no bytes");
    const auto start = Clock::now();
    const int64_t resize_before = sink_.nanoseconds();
    sink_.SetOutput(pixels, fitted);
    arrow::Status status;
    try {
      status = Decode(encoded, sink_);
      if (status.ok()) sink_.Finish();
    } catch (const std::bad_alloc&) {
      status = Rejected(RejectReason::kTooMuchMemory, "no memory for this image");
    }
    decode_ns_ += NanosecondsSince(start) - (sink_.nanoseconds() - resize_before);
    return status;
  }

  arrow::Result<ImageSize> Size(std::span<const uint8_t> encoded) {
    if (encoded.empty()) return Rejected(RejectReason::kEmptyFile, "file has no bytes");
    SizeSink sink(options_);
    const arrow::Status status = Decode(encoded, sink);
    if (!sink.size()) return status;
    return *sink.size();
  }

  ImageSize size() const { return sink_.size(); }
  int64_t decode_ns() const { return decode_ns_; }
  int64_t resize_ns() const { return sink_.nanoseconds(); }

 private:
  arrow::Status Decode(std::span<const uint8_t> encoded, image::RowSink& sink) {
    ARROW_RETURN_NOT_OK(sink.budget().Start(encoded.size()));
    const image::Sniffed sniffed = image::Sniff(encoded);
    switch (sniffed.format) {
      case image::ImageFormat::kJpeg:
        return jpeg_.Decode(encoded, options_, sink);
      case image::ImageFormat::kPng:
        return png_.Decode(encoded, options_, sink);
      case image::ImageFormat::kWebp:
        return webp_.Decode(encoded, options_, sink);
      case image::ImageFormat::kPnm:
        return pnm_.Decode(encoded, options_, sink);
      case image::ImageFormat::kGif:
        return gif_.Decode(encoded, options_, sink);
      case image::ImageFormat::kBmp:
        return bmp_.Decode(encoded, options_, sink);
      case image::ImageFormat::kTiff:
        return tiff_.Decode(encoded, options_, sink);
      case image::ImageFormat::kHeic:
        return heif_.Decode(image::HeifKind::kHeic, encoded, options_, sink);
      case image::ImageFormat::kAvif:
        return heif_.Decode(image::HeifKind::kAvif, encoded, options_, sink);
      case image::ImageFormat::kOther:
        break;
    }
    return Rejected(RejectReason::kUnsupportedFormat,
                    fmt::format("not an image that can be read, but {}{}{}", sniffed.name,
                                sniffed.hint.empty() ? "" : "\nhint: ", sniffed.hint));
  }

  const ImageOptions options_;
  TimedSink sink_;
  image::JpegDecoder jpeg_;
  image::PngDecoder png_;
  image::WebpDecoder webp_;
  image::PnmDecoder pnm_;
  image::GifDecoder gif_;
  image::BmpDecoder bmp_;
  image::TiffDecoder tiff_;
  image::HeifDecoder heif_;
  int64_t decode_ns_ = 0;
};

arrow::Result<ImageSize> ImageReader::Size(std::span<const uint8_t> encoded) {
  return impl_->Size(encoded);
}

ImageReader::ImageReader(const ImageOptions& options) : impl_(std::make_unique<Impl>(options)) {}
ImageReader::~ImageReader() = default;

arrow::Status ImageReader::Read(std::span<const uint8_t> encoded, uint8_t* pixels) {
  return impl_->Read(encoded, pixels, /*fitted=*/false);
}

arrow::Result<ImageSize> ImageReader::ReadFitted(std::span<const uint8_t> encoded,
                                                 uint8_t* pixels) {
  ARROW_RETURN_NOT_OK(impl_->Read(encoded, pixels, /*fitted=*/true));
  return impl_->size();
}

int64_t ImageReader::decode_ns() const { return impl_->decode_ns(); }
int64_t ImageReader::resize_ns() const { return impl_->resize_ns(); }

}  // namespace pomona
