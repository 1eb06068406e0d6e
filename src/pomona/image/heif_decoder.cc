#include "pomona/image/heif_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "pomona/image/alpha.h"
#include "pomona/image/heif_boxes.h"
#include "pomona/image/heif_library.h"
#include "pomona/image/heif_memory.h"
#include "pomona/image/heif_planes.h"
#include "pomona/image/pixel_limit.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

std::string_view NameOf(HeifKind kind) { return kind == HeifKind::kAvif ? "AVIF" : "HEIC"; }

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
  if (HeifEndsEarly(encoded)) {
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

/// A file, whose bytes outlive this, and its primary image.
struct Opened {
  std::unique_ptr<heif_context, decltype(HeifLibrary::context_free)> context;
  std::unique_ptr<heif_image_handle, decltype(HeifLibrary::image_handle_release)> handle;
};

using Decoded = std::unique_ptr<heif_image, decltype(HeifLibrary::image_release)>;

arrow::Result<Opened> Open(const HeifLibrary& heif, HeifKind kind, std::span<const uint8_t> encoded,
                           const ImageOptions& options) {
  Opened opened{{heif.context_alloc(), heif.context_free}, {nullptr, heif.image_handle_release}};
  // Some versions limit each side by this, others the product by its square: what really counts is
  // looked at below, before a pixel is decoded.
  heif.context_set_maximum_image_size_limit(
      opened.context.get(), static_cast<int>(std::min(options.max_pixels, kMaxSide)));
  // Each image has a thread of the pipeline already.
  heif.context_set_max_decoding_threads(opened.context.get(), 0);
  heif_error error = heif.context_read_from_memory_without_copy(
      opened.context.get(), encoded.data(), encoded.size(), nullptr);
  if (error.code != heif_error_Ok) return Failure(kind, error, encoded);
  heif_image_handle* found = nullptr;
  error = heif.context_get_primary_image_handle(opened.context.get(), &found);
  opened.handle.reset(found);
  if (error.code != heif_error_Ok) return Failure(kind, error, encoded);
  // What is stored, and what is left of it after cuts and turns.
  ARROW_RETURN_NOT_OK(CheckPixelLimit(heif.image_handle_get_ispe_width(found),
                                      heif.image_handle_get_ispe_height(found), options));
  ARROW_RETURN_NOT_OK(CheckPixelLimit(heif.image_handle_get_width(found),
                                      heif.image_handle_get_height(found), options));
  return opened;
}

/// An AVIF's turns are Pillow's orientation, which does not belong to its picture.
arrow::Result<Decoded> DecodeTo(const HeifLibrary& heif, HeifKind kind, const Opened& opened,
                                heif_colorspace space, heif_chroma chroma,
                                std::span<const uint8_t> encoded, const HeifMemory& memory,
                                ImageBudget& budget) {
  const std::unique_ptr<heif_decoding_options, decltype(heif.decoding_options_free)> how(
      heif.decoding_options_alloc(), heif.decoding_options_free);
  how->ignore_transformations = kind == HeifKind::kAvif ? 1 : 0;
  how->convert_hdr_to_8bit = space == heif_colorspace_RGB ? 1 : 0;
  const int64_t stated = int64_t{1} * heif.image_handle_get_ispe_width(opened.handle.get()) *
                         heif.image_handle_get_ispe_height(opened.handle.get());
  const int64_t pixels = std::max(stated, memory.pixels);
  ARROW_RETURN_NOT_OK(budget.Take(static_cast<uint64_t>(pixels) * memory.bytes_a_pixel));
  heif_image* decoded = nullptr;
  const heif_error error =
      heif.decode_image(opened.handle.get(), &decoded, space, chroma, how.get());
  Decoded image(decoded, heif.image_release);
  if (error.code != heif_error_Ok) return Failure(kind, error, encoded);
  ARROW_RETURN_NOT_OK(budget.Spend(pixels));
  return image;
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
  ARROW_ASSIGN_OR_RAISE(const HeifMemory memory, HeifMemoryOf(encoded, options, sink.budget()));
  int orientation = 1;
  if (kind == HeifKind::kAvif) {
    const HeifProperties properties = HeifPropertiesOf(encoded);
    if (options.exif_rotate) orientation = properties.orientation;
    ARROW_ASSIGN_OR_RAISE(const bool done, PushStored(*heif, properties, memory, orientation,
                                                      encoded, options, sink));
    if (done) return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(const Opened opened, Open(*heif, kind, encoded, options));
  const bool composite = options.background.has_value() &&
                         heif->image_handle_has_alpha_channel(opened.handle.get()) != 0;
  ARROW_ASSIGN_OR_RAISE(const Decoded image, DecodeTo(*heif, kind, opened, heif_colorspace_RGB,
                                                      composite ? heif_chroma_interleaved_RGBA
                                                                : heif_chroma_interleaved_RGB,
                                                      encoded, memory, sink.budget()));
  const int width = heif->image_get_primary_width(image.get());
  const int height = heif->image_get_primary_height(image.get());
  int stride = 0;
  const uint8_t* plane =
      heif->image_get_plane_readonly(image.get(), heif_channel_interleaved, &stride);
  if (plane == nullptr || width <= 0 || height <= 0) {
    return Rejected(RejectReason::kCorrupt, fmt::format("{} has no pixels", NameOf(kind)));
  }
  ARROW_RETURN_NOT_OK(CheckPixelLimit(width, height, options));
  ARROW_RETURN_NOT_OK(sink.Start(width, height, orientation));
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
  return strips_.Finish();
}

arrow::Result<bool> HeifDecoder::PushStored(const HeifLibrary& heif,
                                            const HeifProperties& properties,
                                            const HeifMemory& memory, int orientation,
                                            std::span<const uint8_t> encoded,
                                            const ImageOptions& options, RowSink& sink) {
  if (!properties.chroma || !properties.nclx) return false;
  const uint8_t* nclx = encoded.data() + *properties.nclx;
  YuvPicture picture;
  picture.chroma = *properties.chroma;
  picture.primaries = nclx[0] << 8 | nclx[1];
  picture.matrix = nclx[4] << 8 | nclx[5];
  picture.full_range = (nclx[6] & 0x80) != 0;
  if (!YuvRows::Know(picture)) return false;

  // The claim that FindPlanes asks for.
  ARROW_RETURN_NOT_OK(sink.budget().Take(encoded.size()));
  uint8_t* claiming = file_.Get(encoded.size());
  std::memcpy(claiming, encoded.data(), encoded.size());
  std::memset(claiming + *properties.nclx + 4, 0, 2);
  claiming[*properties.nclx + 6] |= 0x80;
  const std::span<const uint8_t> file(claiming, encoded.size());
  ARROW_ASSIGN_OR_RAISE(const Opened opened, Open(heif, HeifKind::kAvif, file, options));
  ARROW_ASSIGN_OR_RAISE(const Decoded image,
                        DecodeTo(heif, HeifKind::kAvif, opened, heif_colorspace_undefined,
                                 heif_chroma_undefined, file, memory, sink.budget()));
  if (!FindPlanes(heif, opened.handle.get(), image.get(), picture)) return false;
  rows_.Start(picture);
  ARROW_RETURN_NOT_OK(CheckPixelLimit(picture.width, picture.height, options));
  ARROW_RETURN_NOT_OK(sink.Start(picture.width, picture.height, orientation));
  const bool composite = options.background.has_value() && picture.alpha.data != nullptr;
  uint8_t* rgba = composite ? rgba_.Get(static_cast<size_t>(picture.width) * 4) : nullptr;
  strips_.Start(picture.width, sink);
  for (int y = 0; y < picture.height; ++y) {
    ARROW_ASSIGN_OR_RAISE(uint8_t * rgb, strips_.NextRow());
    if (composite) {
      rows_.ToRgba(y, rgba);
      CompositeOn(*options.background, rgba, picture.width, rgb);
    } else {
      rows_.ToRgb(y, rgb);
    }
  }
  ARROW_RETURN_NOT_OK(strips_.Finish());
  file_.ShrinkTo(16 << 20);
  return true;
}

}  // namespace pomona::image
