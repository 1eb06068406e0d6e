#pragma once

#include <arrow/buffer.h>
#include <arrow/filesystem/type_fwd.h>
#include <arrow/io/type_fwd.h>
#include <arrow/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "pomona/storage.h"

namespace pomona {

/// One file on any store that is read and written whole: a split, a classifier. For results that
/// take one writer a moment; tables have OutputStore.
class WholeFile {
 public:
  /// `uri`: a path or URI. Reads and changes nothing but the store's settings. BadAddress; IOError:
  /// the store cannot be reached.
  static arrow::Result<WholeFile> At(const std::string& uri, const StorageOptions& storage);

  /// Invalid where Put would not: it is a folder, it is there and `overwrite` is not set, or its
  /// folder is missing on a store that has such. So this is found out before the work.
  arrow::Status CheckCanPut(bool overwrite) const;

  /// Appears whole and durable, in place of what it was; nothing of it is seen before.
  arrow::Status Put(std::string_view bytes) const;

  /// The same of what `write` writes, piece by piece.
  arrow::Status PutBy(const std::function<arrow::Status(arrow::io::OutputStream&)>& write) const;

  /// Invalid: larger than `most` bytes; there is none, with `hint`, which says what makes one: who
  /// reads a file whole was given its name. IOError: it cannot be read.
  arrow::Result<std::shared_ptr<arrow::Buffer>> Get(int64_t most, const std::string& hint) const;

  /// As it was named.
  const std::string& uri() const { return uri_; }

 private:
  std::string uri_;
  std::string path_;
  std::shared_ptr<arrow::fs::FileSystem> filesystem_;
};

}  // namespace pomona
