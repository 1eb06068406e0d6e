#include "pomona/image/png_chunks.h"

#include <algorithm>

namespace pomona::image {
namespace {

constexpr size_t kSignature = 8;
constexpr size_t kFrame = 12;  ///< length, type and checksum

}  // namespace

PngChunks::PngChunks(std::span<const uint8_t> encoded)
    : rest_(encoded.subspan(std::min(kSignature, encoded.size()))) {}

std::optional<PngChunk> PngChunks::Next() {
  if (rest_.size() < kFrame) return std::nullopt;
  size_t length = 0;
  for (int i = 0; i < 4; ++i) length = length << 8 | rest_[i];
  if (length > rest_.size() - kFrame) return std::nullopt;
  const std::string_view type(reinterpret_cast<const char*>(&rest_[4]), 4);
  const PngChunk chunk{type, rest_.subspan(8, length), rest_.first(length + kFrame)};
  rest_ = rest_.subspan(length + kFrame);
  return chunk;
}

}  // namespace pomona::image
