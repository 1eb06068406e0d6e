#include "pomona/serve/kept_photos.h"

#include <filesystem>
#include <fstream>
#include <span>
#include <system_error>

#include "pomona/base/sha256.h"
#include "pomona/base/uuid.h"
#include "pomona/image/sniff.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

const char* SuffixOf(const arrow::Buffer& photo) {
  using enum image::ImageFormat;
  switch (image::Sniff(std::span(photo.data(), static_cast<size_t>(photo.size()))).format) {
    case kJpeg:
      return ".jpg";
    case kPng:
      return ".png";
    case kWebp:
      return ".webp";
    case kHeic:
      return ".heic";
    case kAvif:
      return ".avif";
    default:
      return ".image";
  }
}

}  // namespace

arrow::Status KeptPhotos::Keep(const Photos& photos) const {
  if (folder_.empty()) return arrow::Status::OK();
  for (const auto& photo : photos) {
    const std::string_view bytes(*photo);
    const std::string path = folder_ + "/" + ToHex(Sha256Of(bytes)) + SuffixOf(*photo);
    std::error_code error;
    if (std::filesystem::exists(path, error)) continue;
    const std::string whole = path + "." + NewUuid() + ".tmp";
    std::ofstream file(whole, std::ios::binary);
    file.write(bytes.data(), std::ssize(bytes));
    file.close();
    if (file) std::filesystem::rename(whole, path, error);
    if (file && !error) continue;
    std::filesystem::remove(whole, error);
    return arrow::Status::IOError("option `keep`: a photo could not be kept in ",
                                  ShownUri(folder_));
  }
  return arrow::Status::OK();
}

}  // namespace pomona
