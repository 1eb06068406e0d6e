#include "pomona/image/png_pixel_stream.h"

#include <algorithm>
#include <cstring>

namespace pomona::image {
namespace {

bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// What is no chunk at all is libspng's to refuse.
bool MayBeLeftOut(const PngChunk& chunk) {
  return std::all_of(chunk.type.begin(), chunk.type.end(), IsLetter) && chunk.is_ancillary() &&
         chunk.type != "tRNS";
}

}  // namespace

PngPixelStream::PngPixelStream(std::span<const uint8_t> encoded)
    : run_(encoded.first(std::min<size_t>(8, encoded.size()))), chunks_(encoded) {}

bool PngPixelStream::Read(void* to, size_t bytes) {
  auto* out = static_cast<uint8_t*>(to);
  while (bytes > 0) {
    if (run_.empty()) Advance();
    if (run_.empty()) return false;
    const size_t count = std::min(bytes, run_.size());
    std::memcpy(out, run_.data(), count);
    run_ = run_.subspan(count);
    out += count;
    bytes -= count;
  }
  return true;
}

void PngPixelStream::Advance() {
  for (;;) {
    const std::span<const uint8_t> rest = chunks_.rest();
    const auto chunk = chunks_.Next();
    if (chunk && MayBeLeftOut(*chunk)) continue;
    // The rest of a file that ends within a chunk is read as far as it goes.
    run_ = chunk ? chunk->whole : rest;
    if (!chunk) chunks_ = PngChunks({});
    return;
  }
}

}  // namespace pomona::image
