#pragma once

#include <arrow/buffer.h>
#include <arrow/result.h>
#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <string>

#include "pomona/source/source.h"

namespace pomona {

inline int64_t ModificationMicroseconds(const struct stat& info) {
  return int64_t{info.st_mtim.tv_sec} * 1'000'000 + info.st_mtim.tv_nsec / 1'000;
}

/// The whole file `ref` names: open, fstat, read, close. Rejected(...) if it cannot be read, or
/// if size or modification time is not that of the listing.
arrow::Result<std::shared_ptr<arrow::Buffer>> ReadLocalFile(const ImageRef& ref);

}  // namespace pomona
