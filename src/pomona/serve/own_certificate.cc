#include "pomona/serve/own_certificate.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* one) const {
    Free(one);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bytes = std::unique_ptr<BIO, Freed<BIO_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr long kDay = 24 * 60 * 60;
constexpr long kDays = 397;

std::string TextOf(BIO* bytes) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bytes, &data);
  return {data, static_cast<size_t>(size)};
}

bool AddExtension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool Fill(X509* certificate, EVP_PKEY* key, const std::string& address) {
  uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) != 1) return false;
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>("Pomona");
  return X509_set_version(certificate, 2) == 1 &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), (kDays - 1) * kDay) != nullptr &&
         X509_set_pubkey(certificate, key) == 1 &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1 &&
         AddExtension(certificate, NID_subject_alt_name, "IP:" + address + ",DNS:localhost") &&
         AddExtension(certificate, NID_ext_key_usage, "serverAuth") &&
         X509_sign(certificate, key, EVP_sha256()) != 0;
}

}  // namespace

Result<PemPair> MakeOwnCertificate(const std::string& address) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  const Bytes key_text(BIO_new(BIO_s_mem()));
  const Bytes certificate_text(BIO_new(BIO_s_mem()));
  const bool made =
      key && certificate && key_text && certificate_text &&
      Fill(certificate.get(), key.get(), address) &&
      PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) &&
      PEM_write_bio_X509(certificate_text.get(), certificate.get());
  if (!made) return Status::ExecutionError("no certificate could be made for ", address);
  return PemPair{.certificate = TextOf(certificate_text.get()), .key = TextOf(key_text.get())};
}

/// Nothing is sent: a datagram socket that is connected has the address that it would send from.
Result<std::string> LanAddress() {
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(9);
  inet_pton(AF_INET, "192.0.2.1", &there.sin_addr);  // RFC 5737: of nobody
  sockaddr_in here{};
  socklen_t size = sizeof(here);
  const int one = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool found = one >= 0 &&
                     ::connect(one, reinterpret_cast<sockaddr*>(&there), sizeof(there)) == 0 &&
                     ::getsockname(one, reinterpret_cast<sockaddr*>(&here), &size) == 0;
  if (one >= 0) ::close(one);
  char text[INET_ADDRSTRLEN] = {};
  if (found && inet_ntop(AF_INET, &here.sin_addr, text, sizeof(text)) != nullptr) return text;
  return Status::Invalid("option `lan`: this machine has no network",
                         "\nhint: option `host` names an address of it");
}

}  // namespace pomona
