#pragma once

#include <arrow/status.h>

#include <cstdint>
#include <shared_mutex>
#include <span>

#include "pomona/image.h"
#include "pomona/image/image_reader.h"

namespace pomona {

/// Decodes images in a process each, which has a limit of memory and of time: an image that
/// kills its process kills nothing else. Costs a fork an image, so it is for those only at
/// which an earlier run may have died. Thread-safe.
class ChildReader {
 public:
  explicit ChildReader(const ImageOptions& options) : options_(options) {}

  /// This does what `reader`.Read does, in a copy of this process that has nothing but the calling
  /// thread. A process that died is tried once more when no other is at work, so that none is
  /// blamed for the memory of others; if that one dies, too: Rejected(kPoison). IOError where there
  /// can be no process.
  arrow::Status Read(ImageReader& reader, std::span<const uint8_t> encoded, uint8_t* pixels);

 private:
  const ImageOptions options_;
  std::shared_mutex alone_;  ///< held by whoever must be alone, shared by the others
};

}  // namespace pomona
