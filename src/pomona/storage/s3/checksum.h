#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/base/sha256.h"

namespace pomona {

/// The text of the header x-amz-checksum-sha256: base64.
std::string S3Checksum(const Sha256Digest& digest);

/// The checksum of an object that was uploaded in pieces: that of the digests of its pieces one
/// behind the other, a hyphen, and the number of pieces. As in "Checking object integrity" of the
/// S3 user guide, under composite checksums.
std::string S3CompositeChecksum(std::span<const Sha256Digest> pieces);

/// The checksum of an object whose bytes come as they come. For one thread.
class S3RunningChecksum {
 public:
  /// `piece`: bytes of each of its pieces but the last; 0: it was uploaded in one.
  explicit S3RunningChecksum(int64_t piece) : piece_(piece) {}

  void Update(std::string_view bytes);

  /// Call once; nothing may be added after it.
  std::string Value();

 private:
  const int64_t piece_;
  int64_t have_ = 0;  // of the piece under way
  Sha256 running_;
  std::vector<Sha256Digest> done_;
};

}  // namespace pomona
