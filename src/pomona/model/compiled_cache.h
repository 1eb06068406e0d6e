#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pomona/model/mapped_file.h"

namespace pomona {

/// Compiled networks on disk: one file a key, its content followed by its SHA-256. Several
/// processes may share a folder: files appear whole, by rename. It never fails: what
/// cannot be read, or is damaged, is not there; what cannot be written is not kept.
class CompiledCache {
 public:
  /// Empty `dir`: a cache that is always empty.
  explicit CompiledCache(std::string dir) : dir_(std::move(dir)) {}
  bool is_off() const { return dir_.empty(); }

  /// A file's content, mapped as long as this lives.
  struct Entry {
    std::unique_ptr<MappedFile> file;
    std::span<const uint8_t> content;
  };

  /// Cost: one read of the file and its checksum (10 ms for 20 MB).
  std::optional<Entry> Find(const std::string& key) const;
  void Store(const std::string& key, std::string_view content) const;
  void Remove(const std::string& key) const;

 private:
  std::string PathOf(const std::string& key) const;
  std::string dir_;
};

}  // namespace pomona
