#include "pomona/image/codec_versions.h"

#include "pomona/image/heif_library.h"

// jpeglib.h uses FILE and size_t without including them.
#include <jpeglib.h>
#include <spng.h>
#include <tiffio.h>
#include <webp/decode.h>

#include <cstdio>
#include <string_view>

#define POMONA_QUOTE(value) #value
#define POMONA_TEXT(macro) POMONA_QUOTE(macro)

namespace pomona {
namespace {

/// "4.5.0" of "LIBTIFF, Version 4.5.0" and lines about its makers.
std::string TiffVersion() {
  const std::string_view text = TIFFGetVersion();
  const std::string_view line = text.substr(0, text.find('\n'));
  return std::string(line.substr(line.rfind(' ') + 1));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> CodecVersions() {
#ifdef LIBJPEG_TURBO_VERSION
  const std::string jpeg = "turbo " POMONA_TEXT(LIBJPEG_TURBO_VERSION);
#else
  const std::string jpeg = POMONA_TEXT(JPEG_LIB_VERSION);
#endif
  const image::HeifLibrary* heif = image::HeifLibrary::Get();
  const int webp = WebPGetDecoderVersion();  // 0xMMmmrr
  return {{"libjpeg", jpeg},
          {"libheif",
           heif == nullptr ? "not installed: AVIF and HEIC are not read" : heif->get_version()},
          {"libspng", spng_version_string()},
          {"libtiff", TiffVersion()},
          {"libwebp", std::to_string(webp >> 16) + "." + std::to_string(webp >> 8 & 255) + "." +
                          std::to_string(webp & 255)}};
}

}  // namespace pomona
