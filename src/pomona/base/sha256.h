#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pomona {

using Sha256Digest = std::array<uint8_t, 32>;

Sha256Digest Sha256Of(std::string_view bytes);

/// 64 hexadecimal digits.
std::string ToHex(const Sha256Digest& digest);

/// SHA-256 of bytes that come in pieces. For one thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();

  void Update(std::span<const uint8_t> bytes);
  void Update(std::string_view text);

  /// The hash of what was added since the last call. What is added after it is another text.
  Sha256Digest Digest();

  /// 64 hexadecimal digits. Call once; nothing may be added after it.
  std::string Hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace pomona
