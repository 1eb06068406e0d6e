#pragma once

#include <arrow/status.h>

#include <string>

#include "pomona/serve/photo_body.h"

namespace pomona {

/// Keeps photos in a local folder: each once, as SHA-256.jpg, .png, .webp, .heic or .avif, or
/// .image. Thread-safe.
class KeptPhotos {
 public:
  /// `folder`: empty: nothing is kept.
  explicit KeptPhotos(std::string folder) : folder_(std::move(folder)) {}

  /// Each appears whole. IOError.
  arrow::Status Keep(const Photos& photos) const;

 private:
  const std::string folder_;
};

}  // namespace pomona
