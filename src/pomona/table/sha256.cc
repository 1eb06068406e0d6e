#include "pomona/table/sha256.h"

#include <arrow/buffer.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pomona {

struct Sha256::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  EVP_DigestInit_ex(context_->evp, EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;

void Sha256::Update(const void* data, int64_t bytes) {
  EVP_DigestUpdate(context_->evp, data, static_cast<size_t>(bytes));
}

std::string Sha256::Finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_->evp, digest.data(), &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

arrow::Result<std::string> Sha256Of(arrow::io::RandomAccessFile& file) {
  constexpr int64_t kPiece = 4 << 20;
  ARROW_ASSIGN_OR_RAISE(const int64_t size, file.GetSize());
  Sha256 hash;
  for (int64_t at = 0; at < size; at += kPiece) {
    ARROW_ASSIGN_OR_RAISE(auto piece, file.ReadAt(at, std::min(kPiece, size - at)));
    hash.Update(piece->data(), piece->size());
  }
  return hash.Finish();
}

arrow::Status HashingStream::Write(const void* data, int64_t bytes) {
  ARROW_RETURN_NOT_OK(sink_->Write(data, bytes));
  hash_.Update(data, bytes);
  bytes_ += bytes;
  return arrow::Status::OK();
}

}  // namespace pomona
