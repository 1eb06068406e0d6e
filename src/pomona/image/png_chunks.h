#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pomona::image {

/// One chunk of a PNG, where it lies.
struct PngChunk {
  std::string_view type;  ///< four bytes
  std::span<const uint8_t> data;
  std::span<const uint8_t> whole;  ///< with length, type and checksum

  /// Chunks like this may be left out without changing what the others mean.
  bool is_ancillary() const { return (type[0] & 0x20) != 0; }
};

/// Walks the chunks of a PNG without a copy and without checking checksums. Not thread-safe.
class PngChunks {
 public:
  /// `encoded` begins with the signature.
  explicit PngChunks(std::span<const uint8_t> encoded);

  /// nullopt where the file ends, at or within a chunk.
  std::optional<PngChunk> Next();

  /// What Next() has not taken.
  std::span<const uint8_t> rest() const { return rest_; }

 private:
  std::span<const uint8_t> rest_;
};

}  // namespace pomona::image
