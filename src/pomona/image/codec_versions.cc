#include "pomona/image/codec_versions.h"

// jpeglib.h uses FILE and size_t without including them.
#include <jpeglib.h>
#include <spng.h>
#include <webp/decode.h>

#include <cstdio>

#define POMONA_QUOTE(value) #value
#define POMONA_TEXT(macro) POMONA_QUOTE(macro)

namespace pomona {

std::vector<std::pair<std::string, std::string>> CodecVersions() {
#ifdef LIBJPEG_TURBO_VERSION
  const std::string jpeg = "turbo " POMONA_TEXT(LIBJPEG_TURBO_VERSION);
#else
  const std::string jpeg = POMONA_TEXT(JPEG_LIB_VERSION);
#endif
  const int webp = WebPGetDecoderVersion();  // 0xMMmmrr
  return {{"libjpeg", jpeg},
          {"libspng", spng_version_string()},
          {"libwebp", std::to_string(webp >> 16) + "." + std::to_string(webp >> 8 & 255) + "." +
                          std::to_string(webp & 255)}};
}

}  // namespace pomona
