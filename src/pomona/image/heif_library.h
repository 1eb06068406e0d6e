#pragma once

#include <libheif/heif.h>

namespace pomona::image {

/// The functions of libheif that are used, in the system's own library.
///
/// It is loaded when the first image asks for it, and neither linked nor shipped: its usual builds
/// bring an encoder (x265) under the GPL. All are of libheif 1.13 or older; the interface has been
/// the same binary one since.
struct HeifLibrary {
  decltype(&heif_get_version) get_version;
  decltype(&heif_context_alloc) context_alloc;
  decltype(&heif_context_free) context_free;
  decltype(&heif_context_set_maximum_image_size_limit) context_set_maximum_image_size_limit;
  decltype(&heif_context_set_max_decoding_threads) context_set_max_decoding_threads;
  decltype(&heif_context_read_from_memory_without_copy) context_read_from_memory_without_copy;
  decltype(&heif_context_get_primary_image_handle) context_get_primary_image_handle;
  decltype(&heif_image_handle_release) image_handle_release;
  decltype(&heif_image_handle_get_width) image_handle_get_width;
  decltype(&heif_image_handle_get_height) image_handle_get_height;
  decltype(&heif_image_handle_get_ispe_width) image_handle_get_ispe_width;
  decltype(&heif_image_handle_get_ispe_height) image_handle_get_ispe_height;
  decltype(&heif_image_handle_has_alpha_channel) image_handle_has_alpha_channel;
  decltype(&heif_image_handle_is_premultiplied_alpha) image_handle_is_premultiplied_alpha;
  decltype(&heif_decoding_options_alloc) decoding_options_alloc;
  decltype(&heif_decoding_options_free) decoding_options_free;
  decltype(&heif_decode_image) decode_image;
  decltype(&heif_image_release) image_release;
  decltype(&heif_image_get_primary_width) image_get_primary_width;
  decltype(&heif_image_get_primary_height) image_get_primary_height;
  decltype(&heif_image_get_plane_readonly) image_get_plane_readonly;
  decltype(&heif_image_get_plane) image_get_plane;
  decltype(&heif_image_get_chroma_format) image_get_chroma_format;
  decltype(&heif_image_get_colorspace) image_get_colorspace;
  decltype(&heif_image_get_width) image_get_width;
  decltype(&heif_image_get_height) image_get_height;
  decltype(&heif_image_get_bits_per_pixel_range) image_get_bits_per_pixel_range;

  /// nullptr where the system has no libheif that is new enough. Thread-safe; loaded once.
  static const HeifLibrary* Get();
};

}  // namespace pomona::image
