#include "pomona/image/test_images.h"

#include <spng.h>
#include <webp/encode.h>
#include <zlib.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

// clang-format off: jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>
// clang-format on

namespace pomona::image {

Bytes DrawPicture(int width, int height, int channels) {
  Bytes out;
  out.reserve(static_cast<size_t>(width) * height * channels);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channels; ++c) {
        const bool edge = (x / 7 + y / 5 + c) % 6 == 0;
        const double wave = 127 + 120 * std::sin(x / (5.0 + 3 * c)) * std::cos(y / 8.0 + c);
        out.push_back(edge ? 255 * (x & 1) : static_cast<uint8_t>(wave));
      }
    }
  }
  return out;
}

Bytes EncodeJpeg(const Bytes& pixels, int width, int height, const JpegForm& form) {
  jpeg_compress_struct jpeg;
  jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* data = nullptr;
  unsigned long size = 0;  // NOLINT: libjpeg's type
  jpeg_mem_dest(&jpeg, &data, &size);
  jpeg.image_width = width;
  jpeg.image_height = height;
  jpeg.input_components = form.channels;
  jpeg.in_color_space = form.channels == 1   ? JCS_GRAYSCALE
                        : form.channels == 3 ? JCS_RGB
                                             : JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, form.quality, TRUE);
  if (form.channels == 3 && !form.subsampled) {
    jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = 1;
  }
  if (form.progressive) jpeg_simple_progression(&jpeg);
  std::vector<jpeg_scan_info> script(form.scans);
  for (int i = 0; i < form.scans; ++i) script[i] = {1, {0, 0, 0, 0}, i, i, 0, 0};
  if (form.scans > 0) {
    jpeg.scan_info = script.data();
    jpeg.num_scans = form.scans;
  }
  jpeg_start_compress(&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height) {
    auto* row = const_cast<JSAMPROW>(
        &pixels[static_cast<size_t>(jpeg.next_scanline) * width * form.channels]);
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  Bytes out(data, data + size);
  std::free(data);
  return out;
}

Bytes EncodePng(const Bytes& pixels, int width, int height, int colour_type, int bit_depth) {
  const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> context(spng_ctx_new(SPNG_CTX_ENCODER),
                                                               spng_ctx_free);
  spng_set_option(context.get(), SPNG_ENCODE_TO_BUFFER, 1);
  spng_ihdr header{};
  header.width = width;
  header.height = height;
  header.color_type = static_cast<uint8_t>(colour_type);
  header.bit_depth = static_cast<uint8_t>(bit_depth);
  spng_set_ihdr(context.get(), &header);
  if (colour_type == SPNG_COLOR_TYPE_INDEXED) {
    spng_plte palette{};
    palette.n_entries = 1u << bit_depth;
    for (unsigned i = 0; i < palette.n_entries; ++i) {
      palette.entries[i] = {static_cast<uint8_t>(i), static_cast<uint8_t>(255 - i),
                            static_cast<uint8_t>(i * 7), 255};
    }
    spng_set_plte(context.get(), &palette);
  }
  if (spng_encode_image(context.get(), pixels.data(), pixels.size(), SPNG_FMT_PNG,
                        SPNG_ENCODE_FINALIZE) != SPNG_OK) {
    throw std::runtime_error("libspng cannot encode the test image");
  }
  size_t size = 0;
  int error = 0;
  auto* data = static_cast<uint8_t*>(spng_get_png_buffer(context.get(), &size, &error));
  Bytes out(data, data + size);
  std::free(data);
  return out;
}

Bytes EncodeWebp(const Bytes& rgba, int width, int height, float quality) {
  uint8_t* data = nullptr;
  const size_t size = quality < 0
                          ? WebPEncodeLosslessRGBA(rgba.data(), width, height, width * 4, &data)
                          : WebPEncodeRGBA(rgba.data(), width, height, width * 4, quality, &data);
  if (size == 0) throw std::runtime_error("libwebp cannot encode the test image");
  Bytes out(data, data + size);
  WebPFree(data);
  return out;
}

Bytes EncodePnm(std::string_view header, const Bytes& samples) {
  Bytes out(header.begin(), header.end());
  out.insert(out.end(), samples.begin(), samples.end());
  return out;
}

Bytes PngWithTextBombs(int count, size_t size) {
  uLongf compressed_size = compressBound(size);
  Bytes compressed(compressed_size);
  compress2(compressed.data(), &compressed_size, Bytes(size, ' ').data(), size, 1);
  compressed.resize(compressed_size);
  const auto chunk = [&](std::string_view type) {
    Bytes out;
    out.reserve(compressed.size() + 15);
    const auto append_number = [&](uint32_t number) {
      for (int shift = 24; shift >= 0; shift -= 8) out.push_back(number >> shift & 255);
    };
    append_number(static_cast<uint32_t>(2 + compressed.size() + 1));
    out.insert(out.end(), type.begin(), type.end());
    for (const char c : {'x', '\0', '\0'}) out.push_back(static_cast<uint8_t>(c));
    out.insert(out.end(), compressed.begin(), compressed.end());
    append_number(static_cast<uint32_t>(crc32(0, out.data() + 4, out.size() - 4)));
    return out;
  };
  const Bytes plain = EncodePng(Bytes(3), 1, 1, 2, 8);
  constexpr size_t kHeaderEnd = 8 + 25;
  Bytes out(plain.begin(), plain.begin() + kHeaderEnd);
  const Bytes text = chunk("zTXt"), profile = chunk("iCCP");
  for (int i = 0; i < count; ++i) {
    const Bytes& next = i % 2 == 0 ? text : profile;
    out.insert(out.end(), next.begin(), next.end());
  }
  out.insert(out.end(), plain.begin() + kHeaderEnd, plain.end());
  return out;
}

Bytes PngHeaderOnly(uint32_t width, uint32_t height) {
  const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> context(spng_ctx_new(SPNG_CTX_ENCODER),
                                                               spng_ctx_free);
  Bytes out;
  spng_set_png_stream(
      context.get(),
      [](spng_ctx*, void* bytes, void* data, size_t size) {
        const auto* begin = static_cast<const uint8_t*>(data);
        static_cast<Bytes*>(bytes)->insert(static_cast<Bytes*>(bytes)->end(), begin, begin + size);
        return 0;
      },
      &out);
  spng_ihdr header{};
  header.width = width;
  header.height = height;
  header.color_type = SPNG_COLOR_TYPE_TRUECOLOR;
  header.bit_depth = 8;
  spng_set_ihdr(context.get(), &header);
  if (spng_encode_chunks(context.get()) != SPNG_OK) {
    throw std::runtime_error("libspng cannot encode the test header");
  }
  return out;
}

}  // namespace pomona::image
