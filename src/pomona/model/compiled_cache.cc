#include "pomona/model/compiled_cache.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "pomona/base/sha256.h"

namespace pomona {
namespace {

constexpr size_t kDigestSize = 64;  // hexadecimal

std::string Digest(std::span<const uint8_t> content) {
  Sha256 sha;
  sha.Update(content);
  return sha.Hex();
}

}  // namespace

std::string CompiledCache::PathOf(const std::string& key) const {
  return dir_ + "/" + key + ".blob";
}

std::optional<CompiledCache::Entry> CompiledCache::Find(const std::string& key) const {
  if (dir_.empty()) return std::nullopt;
  auto file = MappedFile::Open(PathOf(key));
  if (!file.ok() || (*file)->bytes().size() <= kDigestSize) return std::nullopt;
  const auto bytes = (*file)->bytes();
  const auto content = bytes.first(bytes.size() - kDigestSize);
  const auto digest = bytes.last(kDigestSize);
  if (Digest(content) !=
      std::string_view(reinterpret_cast<const char*>(digest.data()), kDigestSize)) {
    return std::nullopt;
  }
  return Entry{std::move(*file), content};
}

void CompiledCache::Store(const std::string& key, std::string_view content) const {
  if (dir_.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(dir_, error);
  // Not synced: a file that a crash leaves short fails its checksum.
  static std::atomic<int> serial = 0;
  const std::string temporary =
      PathOf(key) + "." + std::to_string(getpid()) + "." + std::to_string(++serial) + ".tmp";
  std::ofstream file(temporary, std::ios::binary);
  file << content << Digest({reinterpret_cast<const uint8_t*>(content.data()), content.size()});
  file.close();
  if (file.good()) std::filesystem::rename(temporary, PathOf(key), error);
  if (!file.good() || error) std::filesystem::remove(temporary, error);
}

void CompiledCache::Remove(const std::string& key) const {
  std::error_code error;
  std::filesystem::remove(PathOf(key), error);
}

}  // namespace pomona
