#include "pomona/image/heif_planes.h"

#include <cstring>

namespace pomona::image {
namespace {

using Chroma = YuvPicture::Chroma;

heif_chroma HeifChroma(Chroma chroma) {
  switch (chroma) {
    case Chroma::k420:
      return heif_chroma_420;
    case Chroma::k422:
      return heif_chroma_422;
    case Chroma::k444:
      return heif_chroma_444;
    default:
      return heif_chroma_monochrome;
  }
}

/// Keeps one of each 2 columns, and one of each 2 rows where `rows` says so, in place. False where
/// those that go are not the same, which libheif's own spreading would make them.
template <class Sample>
bool Halve(uint8_t* plane, size_t stride, int width, int height, bool rows) {
  const int step = rows ? 2 : 1;
  for (int y = 0; y * step < height; ++y) {
    const uint8_t* first = plane + stride * y * step;
    if (rows && y * 2 + 1 < height &&
        std::memcmp(first, first + stride, width * sizeof(Sample)) != 0) {
      return false;
    }
    const auto* from = reinterpret_cast<const Sample*>(first);
    auto* to = reinterpret_cast<Sample*>(plane + stride * y);
    unsigned unlike = 0;
    for (int i = 0; i < width / 2; ++i, from += 2) {
      unlike |= from[0] ^ from[1];
      to[i] = from[0];
    }
    if (width % 2 != 0) to[width / 2] = from[0];
    if (unlike != 0) return false;
  }
  return true;
}

}  // namespace

bool FindPlanes(const HeifLibrary& heif, const heif_image_handle* handle, heif_image* image,
                YuvPicture& picture) {
  const Chroma chroma = picture.chroma;
  const bool grey = chroma == Chroma::kNone;
  const heif_colorspace space = heif.image_get_colorspace(image);
  const heif_chroma format = heif.image_get_chroma_format(image);
  const bool stored = format == HeifChroma(chroma) &&
                      space == (grey ? heif_colorspace_monochrome : heif_colorspace_YCbCr);
  if (!stored && (grey || space != heif_colorspace_RGB || format != heif_chroma_444)) return false;
  const heif_channel luma = stored ? heif_channel_Y : heif_channel_G;
  picture.width = heif.image_get_primary_width(image);
  picture.height = heif.image_get_primary_height(image);
  picture.depth = heif.image_get_bits_per_pixel_range(image, luma);
  if (picture.depth != 8 && picture.depth != 10 && picture.depth != 12) return false;

  const auto find = [&](heif_channel channel, int width, int height, YuvPlane& plane) {
    if (width <= 0 || heif.image_get_width(image, channel) != width || height <= 0 ||
        heif.image_get_height(image, channel) != height ||
        heif.image_get_bits_per_pixel_range(image, channel) != picture.depth) {
      return false;
    }
    int stride = 0;
    plane.data = heif.image_get_plane_readonly(image, channel, &stride);
    plane.stride = static_cast<size_t>(stride);
    return plane.data != nullptr;
  };
  const auto find_chroma = [&](heif_channel as_stored, heif_channel as_rgb, YuvPlane& plane) {
    if (stored) {
      return find(as_stored, chroma == Chroma::k444 ? picture.width : (picture.width + 1) / 2,
                  chroma == Chroma::k420 ? (picture.height + 1) / 2 : picture.height, plane);
    }
    if (!find(as_rgb, picture.width, picture.height, plane)) return false;
    if (chroma == Chroma::k444) return true;
    int stride = 0;
    uint8_t* data = heif.image_get_plane(image, as_rgb, &stride);
    const auto halve = picture.depth == 8 ? Halve<uint8_t> : Halve<uint16_t>;
    return halve(data, plane.stride, picture.width, picture.height, chroma == Chroma::k420);
  };
  if (!find(luma, picture.width, picture.height, picture.luma)) return false;
  if (!grey && !(find_chroma(heif_channel_Cb, heif_channel_B, picture.cb) &&
                 find_chroma(heif_channel_Cr, heif_channel_R, picture.cr))) {
    return false;
  }
  if (heif.image_handle_has_alpha_channel(handle) == 0) return true;
  picture.premultiplied = heif.image_handle_is_premultiplied_alpha(handle) != 0;
  return find(heif_channel_Alpha, picture.width, picture.height, picture.alpha);
}

}  // namespace pomona::image
