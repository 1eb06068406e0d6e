#include "test_images.h"

#include <spng.h>
#include <tiffio.h>
#include <webp/encode.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
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

Bytes EncodePng(const Bytes& pixels, int width, int height, int colour_type, int bit_depth,
                bool interlaced) {
  const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> context(spng_ctx_new(SPNG_CTX_ENCODER),
                                                               spng_ctx_free);
  spng_set_option(context.get(), SPNG_ENCODE_TO_BUFFER, 1);
  spng_ihdr header{};
  header.width = width;
  header.height = height;
  header.color_type = static_cast<uint8_t>(colour_type);
  header.bit_depth = static_cast<uint8_t>(bit_depth);
  header.interlace_method = interlaced ? SPNG_INTERLACE_ADAM7 : SPNG_INTERLACE_NONE;
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

Bytes EncodeBmp(const Bytes& rgb, int width, int height) {
  const size_t stride = (static_cast<size_t>(width) * 24 + 31) / 32 * 4;
  Bytes out(54 + stride * height);
  const auto put = [&out](size_t at, size_t value, size_t bytes) {
    for (size_t i = 0; i < bytes; ++i) out[at + i] = static_cast<uint8_t>(value >> (8 * i));
  };
  out[0] = 'B';
  out[1] = 'M';
  put(2, out.size(), 4);
  put(10, 54, 4);
  put(14, 40, 4);
  put(18, width, 4);
  put(22, height, 4);
  put(26, 1, 2);
  put(28, 24, 2);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width * 3; ++x) {
      out[54 + stride * (height - 1 - y) + x] =
          rgb[static_cast<size_t>(y) * width * 3 + x / 3 * 3 + (2 - x % 3)];
    }
  }
  return out;
}

Bytes EncodeGif(const Bytes& indices, int width, int height) {
  constexpr int kClear = 256, kEnd = 257;
  Bytes out = {'G', 'I', 'F', '8', '9', 'a'};
  const auto put16 = [&out](int value) {
    out.push_back(static_cast<uint8_t>(value & 255));
    out.push_back(static_cast<uint8_t>(value >> 8));
  };
  put16(width);
  put16(height);
  out.insert(out.end(), {0xf7, 0, 0});
  for (int i = 0; i < 256; ++i) {
    out.insert(out.end(), {static_cast<uint8_t>(i), static_cast<uint8_t>(255 - i),
                           static_cast<uint8_t>(i * 7)});
  }
  out.push_back(',');
  for (const int value : {0, 0, width, height}) put16(value);
  out.insert(out.end(), {0, 8});
  // Cleared so often that all codes have nine bits.
  Bytes data;
  uint32_t buffer = 0;
  int have = 0;
  const auto put = [&](int code) {
    buffer |= static_cast<uint32_t>(code) << have;
    for (have += 9; have >= 8; have -= 8, buffer >>= 8) {
      data.push_back(static_cast<uint8_t>(buffer & 255));
    }
  };
  for (size_t i = 0; i < indices.size(); ++i) {
    if (i % 200 == 0) put(kClear);
    put(indices[i]);
  }
  put(kEnd);
  data.push_back(static_cast<uint8_t>(buffer));
  for (size_t at = 0; at < data.size(); at += 255) {
    const size_t length = std::min<size_t>(255, data.size() - at);
    out.push_back(static_cast<uint8_t>(length));
    out.insert(out.end(), data.begin() + static_cast<ptrdiff_t>(at),
               data.begin() + static_cast<ptrdiff_t>(at + length));
  }
  out.insert(out.end(), {0, ';'});
  return out;
}

namespace {

/// A file of libtiff's in memory.
struct TiffMemory {
  Bytes bytes;
  size_t at = 0;
};

TIFF* CreateTiff(TiffMemory* memory) {
  return TIFFClientOpen(
      "image", "w", memory,
      [](thandle_t handle, void* to, tmsize_t wanted) -> tmsize_t {
        auto* file = static_cast<TiffMemory*>(handle);
        const size_t there = file->bytes.size() - std::min(file->at, file->bytes.size());
        const size_t count = std::min<size_t>(wanted, there);
        std::memcpy(to, file->bytes.data() + file->at, count);
        file->at += count;
        return static_cast<tmsize_t>(count);
      },
      [](thandle_t handle, void* from, tmsize_t count) -> tmsize_t {
        auto* file = static_cast<TiffMemory*>(handle);
        file->bytes.resize(std::max(file->bytes.size(), file->at + count));
        std::memcpy(file->bytes.data() + file->at, from, count);
        file->at += count;
        return count;
      },
      [](thandle_t handle, toff_t offset, int whence) -> toff_t {
        auto* file = static_cast<TiffMemory*>(handle);
        const size_t base = whence == SEEK_CUR   ? file->at
                            : whence == SEEK_END ? file->bytes.size()
                                                 : 0;
        return file->at = base + offset;
      },
      [](thandle_t) { return 0; },
      [](thandle_t handle) -> toff_t { return static_cast<TiffMemory*>(handle)->bytes.size(); },
      nullptr, nullptr);
}

}  // namespace

Bytes EncodeTiff(const Bytes& pixels, int width, int height, const TiffForm& form) {
  TiffMemory memory;
  TIFF* tiff = CreateTiff(&memory);
  if (tiff == nullptr) throw std::runtime_error("libtiff cannot begin the test image");
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, form.samples);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, form.compression);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
               form.samples == 1 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG,
               form.planar ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
  if (form.samples == 4) {
    const uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha);
  }
  if (form.tile > 0) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, form.tile);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, form.tile);
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 8);
  }
  const int planes = form.planar ? form.samples : 1;
  const size_t step = form.planar ? 1 : form.samples;
  const auto sample = [&](int plane, int y, int x, size_t s) -> uint8_t {
    if (y >= height || x >= width) return 0;
    return pixels[(static_cast<size_t>(y) * width + x) * form.samples + (form.planar ? plane : s)];
  };
  const int piece_width = form.tile > 0 ? form.tile : width;
  const int piece_height = form.tile > 0 ? form.tile : 1;
  bool ok = true;
  for (int plane = 0; plane < planes; ++plane) {
    for (int top = 0; top < height; top += piece_height) {
      for (int left = 0; left < width; left += piece_width) {
        Bytes piece;
        for (int y = top; y < top + piece_height; ++y) {
          for (int x = left; x < left + piece_width; ++x) {
            for (size_t s = 0; s < step; ++s) piece.push_back(sample(plane, y, x, s));
          }
        }
        ok &= form.tile > 0 ? TIFFWriteTile(tiff, piece.data(), left, top, 0, plane) > 0
                            : TIFFWriteScanline(tiff, piece.data(), top, plane) > 0;
      }
    }
  }
  TIFFClose(tiff);
  if (!ok) throw std::runtime_error("libtiff cannot encode the test image");
  return memory.bytes;
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

Bytes PngWithSize(Bytes png, uint32_t width, uint32_t height) {
  constexpr size_t kType = 12, kSize = 16, kChecksum = 29;  // of the header, which comes first
  const auto put = [&png](size_t at, uint64_t number) {
    for (int i = 0; i < 4; ++i) png[at + i] = static_cast<uint8_t>(number >> (24 - 8 * i));
  };
  put(kSize, width);
  put(kSize + 4, height);
  put(kChecksum, crc32(0, &png[kType], kChecksum - kType));
  return png;
}

Bytes WebpBehindChunks(const Bytes& webp, int width, int height, int count, uint8_t orientation,
                       bool animated) {
  constexpr size_t kRiffHeader = 12;
  const auto little = [](size_t number, int bytes) {
    Bytes out;
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<uint8_t>(number >> (8 * i)));
    return out;
  };
  const auto append = [](Bytes& to, const Bytes& more) {
    to.insert(to.end(), more.begin(), more.end());
  };
  const auto append_chunk = [&](Bytes& to, std::string_view type, const Bytes& data) {
    to.insert(to.end(), type.begin(), type.end());
    append(to, little(data.size(), 4));
    append(to, data);
    if (data.size() % 2 != 0) to.push_back(0);
  };
  constexpr uint8_t kAnimation = 0x02, kExif = 0x08, kAlpha = 0x10;
  Bytes header = {static_cast<uint8_t>(kExif | kAlpha | (animated ? kAnimation : 0)), 0, 0, 0};
  append(header, little(width - 1, 3));
  append(header, little(height - 1, 3));
  Bytes out = {'W', 'E', 'B', 'P'};
  append_chunk(out, "VP8X", header);
  if (animated) append_chunk(out, "ANIM", Bytes(6));
  for (int i = 0; i < count; ++i) append_chunk(out, "none", {});
  const Bytes picture(webp.begin() + kRiffHeader, webp.end());
  if (animated) {
    Bytes frame(6);  // at the top left
    append(frame, little(width - 1, 3));
    append(frame, little(height - 1, 3));
    append(frame, Bytes(4));
    append(frame, picture);
    append_chunk(out, "ANMF", frame);
  } else {
    append(out, picture);
  }
  append_chunk(out, "EXIF", {'I', 'I', '*', 0, 8, 0,           0, 0, 1, 0, 0x12, 1, 3,
                             0,   1,   0,   0, 0, orientation, 0, 0, 0, 0, 0,    0, 0});
  Bytes file = {'R', 'I', 'F', 'F'};
  append(file, little(out.size(), 4));
  append(file, out);
  return file;
}

}  // namespace pomona::image
