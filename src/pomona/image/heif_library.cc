#include "pomona/image/heif_library.h"

#include <dlfcn.h>

#include <optional>

namespace pomona::image {
namespace {

std::optional<HeifLibrary> Load() {
  void* library = dlopen("libheif.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return {};
  HeifLibrary heif{};
  bool has_all = true;
  const auto find = [&](const char* name, auto* function) {
    *function = reinterpret_cast<std::remove_pointer_t<decltype(function)>>(dlsym(library, name));
    has_all &= *function != nullptr;
  };
#define POMONA_FIND(name) find("heif_" #name, &heif.name)
  POMONA_FIND(get_version);
  POMONA_FIND(context_alloc);
  POMONA_FIND(context_free);
  POMONA_FIND(context_set_maximum_image_size_limit);
  POMONA_FIND(context_set_max_decoding_threads);
  POMONA_FIND(context_read_from_memory_without_copy);
  POMONA_FIND(context_get_primary_image_handle);
  POMONA_FIND(image_handle_release);
  POMONA_FIND(image_handle_get_width);
  POMONA_FIND(image_handle_get_height);
  POMONA_FIND(image_handle_get_ispe_width);
  POMONA_FIND(image_handle_get_ispe_height);
  POMONA_FIND(image_handle_has_alpha_channel);
  POMONA_FIND(image_handle_is_premultiplied_alpha);
  POMONA_FIND(decoding_options_alloc);
  POMONA_FIND(decoding_options_free);
  POMONA_FIND(decode_image);
  POMONA_FIND(image_release);
  POMONA_FIND(image_get_primary_width);
  POMONA_FIND(image_get_primary_height);
  POMONA_FIND(image_get_plane_readonly);
  POMONA_FIND(image_get_plane);
  POMONA_FIND(image_get_chroma_format);
  POMONA_FIND(image_get_colorspace);
  POMONA_FIND(image_get_width);
  POMONA_FIND(image_get_height);
  POMONA_FIND(image_get_bits_per_pixel_range);
#undef POMONA_FIND
  if (!has_all) return {};
  return heif;
}

}  // namespace

const HeifLibrary* HeifLibrary::Get() {
  static const std::optional<HeifLibrary> library = Load();
  return library.has_value() ? &*library : nullptr;
}

}  // namespace pomona::image
