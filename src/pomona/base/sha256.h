#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pomona {

/// SHA-256 of bytes that come in pieces. For one thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();

  void Update(std::span<const uint8_t> bytes);
  void Update(std::string_view text);

  /// 64 hexadecimal digits. Call once; nothing may be added after it.
  std::string Hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace pomona
