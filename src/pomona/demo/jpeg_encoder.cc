#include "pomona/demo/jpeg_encoder.h"

// jpeglib.h uses FILE and size_t without including them.
#include <jpeglib.h>

#include <csetjmp>
#include <cstdio>
#include <cstdlib>

namespace pomona {
namespace {

struct ErrorHandler {
  jpeg_error_mgr base;
  std::jmp_buf escape;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void OnError(j_common_ptr codec) {
  auto* handler = reinterpret_cast<ErrorHandler*>(codec->err);
  codec->err->format_message(codec, handler->message);
  std::longjmp(handler->escape, 1);
}

/// All of it in plain C, as the library leaves by longjmp. False: see `errors`.
bool Encode(ErrorHandler& errors, const uint8_t* rgb, int width, int height, int quality,
            unsigned char** out, unsigned long* size) {
  jpeg_compress_struct codec;
  codec.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = OnError;
  if (setjmp(errors.escape) != 0) {
    jpeg_destroy_compress(&codec);
    return false;
  }
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, out, size);
  codec.image_width = static_cast<JDIMENSION>(width);
  codec.image_height = static_cast<JDIMENSION>(height);
  codec.input_components = 3;
  codec.in_color_space = JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    auto* row = const_cast<uint8_t*>(rgb + size_t{codec.next_scanline} * width * 3);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  return true;
}

}  // namespace

arrow::Result<std::string> EncodeJpeg(const std::vector<uint8_t>& rgb, int width, int height,
                                      int quality) {
  ErrorHandler errors;
  unsigned char* data = nullptr;
  unsigned long size = 0;
  const bool encoded = Encode(errors, rgb.data(), width, height, quality, &data, &size);
  std::string jpeg(reinterpret_cast<const char*>(data), encoded ? size : 0);
  std::free(data);
  if (!encoded) return arrow::Status::IOError("cannot encode a JPEG: ", errors.message);
  return jpeg;
}

}  // namespace pomona
