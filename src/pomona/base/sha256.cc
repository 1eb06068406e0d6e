#include "pomona/base/sha256.h"

#include <openssl/evp.h>

#include <stdexcept>

#include "pomona/base/hex.h"

namespace pomona {

struct Sha256::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  if (EVP_DigestInit_ex(context_->evp, EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
}

Sha256::~Sha256() = default;

void Sha256::Update(std::span<const uint8_t> bytes) {
  EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size());
}

void Sha256::Update(std::string_view text) {
  EVP_DigestUpdate(context_->evp, text.data(), text.size());
}

Sha256Digest Sha256::Digest() {
  Sha256Digest digest;
  EVP_DigestFinal_ex(context_->evp, digest.data(), nullptr);
  EVP_DigestInit_ex(context_->evp, EVP_sha256(), nullptr);
  return digest;
}

std::string Sha256::Hex() { return ToHex(Digest()); }

std::string ToHex(const Sha256Digest& digest) {
  std::string hex;
  for (const uint8_t byte : digest) AppendHex(byte, &hex);
  return hex;
}

Sha256Digest Sha256Of(std::string_view bytes) {
  Sha256Digest digest;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
}

}  // namespace pomona
