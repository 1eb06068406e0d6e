#include "pomona/image/heif_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "pomona/image/alpha.h"
#include "pomona/image/heif_library.h"
#include "pomona/image/pixel_limit.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

std::string_view NameOf(HeifKind kind) { return kind == HeifKind::kAvif ? "AVIF" : "HEIC"; }

/// True where a box of the file is longer than what is left of it.
bool EndsEarly(std::span<const uint8_t> file) {
  const auto number = [&file](size_t at, size_t bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i) value = value << 8 | file[at + i];
    return value;
  };
  while (!file.empty()) {
    if (file.size() < 8) return true;
    uint64_t length = number(0, 4);
    if (length == 0) return false;  // to the end of the file
    if (length == 1) {
      if (file.size() < 16) return true;
      length = number(8, 8);
    }
    if (length < 8) return false;
    if (length > file.size()) return true;
    file = file.subspan(length);
  }
  return false;
}

arrow::Status Failure(HeifKind kind, const heif_error& error, std::span<const uint8_t> encoded) {
  const std::string_view name = NameOf(kind);
  std::string_view text = error.message == nullptr ? "" : error.message;
  text = text.substr(0, text.find_last_not_of("\n ") + 1);
  if (error.code == heif_error_Memory_allocation_error &&
      error.subcode != heif_suberror_Security_limit_exceeded) {
    return Rejected(RejectReason::kTooMuchMemory, fmt::format("no memory for this {}", name));
  }
  if (error.subcode == heif_suberror_Security_limit_exceeded) {
    return Rejected(RejectReason::kTooManyPixels,
                    fmt::format("{} is larger than the limits allow: {}", name, text));
  }
  if (EndsEarly(encoded)) {
    return Rejected(RejectReason::kTruncated, fmt::format("{} ends before its last row", name));
  }
  if (error.subcode == heif_suberror_Unsupported_codec ||
      error.code == heif_error_Unsupported_filetype) {
    return Rejected(
        RejectReason::kUnsupportedFormat,
        fmt::format("{} cannot be read by this system's libheif: {}\nhint: install its decoders, "
                    "as with apt-get install libheif-plugin-libde265 libheif-plugin-dav1d",
                    name, text));
  }
  if (error.code == heif_error_Unsupported_feature) {
    return Rejected(RejectReason::kUnsupportedFormat,
                    fmt::format("{} uses what libheif does not read: {}", name, text));
  }
  return Rejected(RejectReason::kCorrupt, fmt::format("{} cannot be decoded: {}", name, text));
}

}  // namespace

arrow::Status HeifDecoder::Decode(HeifKind kind, std::span<const uint8_t> encoded,
                                  const ImageOptions& options, RowSink& sink) {
  const HeifLibrary* heif = HeifLibrary::Get();
  if (heif == nullptr) {
    return Rejected(RejectReason::kUnsupportedFormat,
                    fmt::format("{} is read with libheif, which this system does not have\nhint: "
                                "install it, as with apt-get install libheif1",
                                NameOf(kind)));
  }
  const std::unique_ptr<heif_context, decltype(heif->context_free)> context(heif->context_alloc(),
                                                                            heif->context_free);
  // Some versions limit each side by this, others the product by its square: what really counts is
  // looked at below, before a pixel is decoded.
  heif->context_set_maximum_image_size_limit(
      context.get(), static_cast<int>(std::min(options.max_pixels, kMaxSide)));
  // Each image has a thread of the pipeline already.
  heif->context_set_max_decoding_threads(context.get(), 0);
  heif_error error = heif->context_read_from_memory_without_copy(context.get(), encoded.data(),
                                                                 encoded.size(), nullptr);
  if (error.code != heif_error_Ok) return Failure(kind, error, encoded);
  heif_image_handle* found = nullptr;
  error = heif->context_get_primary_image_handle(context.get(), &found);
  if (error.code != heif_error_Ok) return Failure(kind, error, encoded);
  const std::unique_ptr<heif_image_handle, decltype(heif->image_handle_release)> handle(
      found, heif->image_handle_release);
  // What is stored, and what is left of it after cuts and turns.
  ARROW_RETURN_NOT_OK(CheckPixelLimit(heif->image_handle_get_ispe_width(found),
                                      heif->image_handle_get_ispe_height(found), options));
  ARROW_RETURN_NOT_OK(CheckPixelLimit(heif->image_handle_get_width(found),
                                      heif->image_handle_get_height(found), options));

  const std::unique_ptr<heif_decoding_options, decltype(heif->decoding_options_free)> how(
      heif->decoding_options_alloc(), heif->decoding_options_free);
  how->ignore_transformations = kind == HeifKind::kAvif && !options.exif_rotate ? 1 : 0;
  how->convert_hdr_to_8bit = 1;
  const bool composite =
      options.background.has_value() && heif->image_handle_has_alpha_channel(found) != 0;
  // What libheif holds: the planes as they are stored, at up to 16 bits, and the result.
  const int64_t pixels = int64_t{1} * heif->image_handle_get_ispe_width(found) *
                         heif->image_handle_get_ispe_height(found);
  ARROW_RETURN_NOT_OK(sink.budget().Take(static_cast<uint64_t>(pixels) * 12));
  heif_image* decoded = nullptr;
  error = heif->decode_image(found, &decoded, heif_colorspace_RGB,
                             composite ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB,
                             how.get());
  if (error.code != heif_error_Ok) return Failure(kind, error, encoded);
  const std::unique_ptr<heif_image, decltype(heif->image_release)> image(decoded,
                                                                         heif->image_release);
  const int width = heif->image_get_primary_width(decoded);
  const int height = heif->image_get_primary_height(decoded);
  int stride = 0;
  const uint8_t* plane = heif->image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
  if (plane == nullptr || width <= 0 || height <= 0) {
    return Rejected(RejectReason::kCorrupt, fmt::format("{} has no pixels", NameOf(kind)));
  }
  ARROW_RETURN_NOT_OK(CheckPixelLimit(width, height, options));
  ARROW_RETURN_NOT_OK(sink.budget().Spend(pixels));
  ARROW_RETURN_NOT_OK(sink.Start(width, height, /*orientation=*/1));
  strips_.Start(width, sink);
  for (int y = 0; y < height; ++y) {
    const uint8_t* row = plane + static_cast<size_t>(stride) * y;
    ARROW_ASSIGN_OR_RAISE(uint8_t * rgb, strips_.NextRow());
    if (composite) {
      CompositeOn(*options.background, row, width, rgb);
    } else {
      std::memcpy(rgb, row, static_cast<size_t>(width) * 3);
    }
  }
  ARROW_RETURN_NOT_OK(strips_.Finish());
  return arrow::Status::OK();
}

}  // namespace pomona::image
