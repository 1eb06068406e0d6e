#include "pomona/image/png_pixel_stream.h"

#include <algorithm>
#include <cstring>
#include <string_view>

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
    if (chunk) {
      run_ = chunk->whole;
      return;
    }
    // The rest of a file that ends within a chunk is read as far as it goes; but not of one that
    // could be left out, for which libspng would take as much memory as its length claims.
    constexpr size_t kHead = 8;
    const bool has_head = rest.size() >= kHead;
    const std::string_view type(reinterpret_cast<const char*>(rest.data()) + (has_head ? 4 : 0),
                                has_head ? 4 : 0);
    const bool is_cut = has_head && MayBeLeftOut(PngChunk{type, {}, {}});
    run_ = is_cut ? std::span<const uint8_t>() : rest;
    chunks_ = PngChunks({});
    return;
  }
}

}  // namespace pomona::image
