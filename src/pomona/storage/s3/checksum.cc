#include "pomona/storage/s3/checksum.h"

#include <arrow/util/base64.h>

namespace pomona {
namespace {

std::string_view AsText(std::span<const Sha256Digest> digests) {
  return {reinterpret_cast<const char*>(digests.data()), digests.size() * sizeof(Sha256Digest)};
}

}  // namespace

std::string S3Checksum(const Sha256Digest& digest) {
  return arrow::util::base64_encode(AsText({&digest, 1}));
}

std::string S3CompositeChecksum(std::span<const Sha256Digest> pieces) {
  return S3Checksum(Sha256Of(AsText(pieces))) + "-" + std::to_string(pieces.size());
}

void S3RunningChecksum::Update(std::string_view bytes) {
  while (piece_ > 0 && have_ + static_cast<int64_t>(bytes.size()) > piece_) {
    const auto rest = static_cast<size_t>(piece_ - have_);
    running_.Update(bytes.substr(0, rest));
    bytes.remove_prefix(rest);
    done_.push_back(running_.Digest());
    have_ = 0;
  }
  running_.Update(bytes);
  have_ += static_cast<int64_t>(bytes.size());
}

std::string S3RunningChecksum::Value() {
  done_.push_back(running_.Digest());
  return piece_ == 0 ? S3Checksum(done_.front()) : S3CompositeChecksum(done_);
}

}  // namespace pomona
