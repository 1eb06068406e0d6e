#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "pomona/storage.h"

namespace pomona {

/// What Verify found.
struct VerifyReport {
  int64_t parts = 0, rows = 0, rejects = 0, references = 0, bytes = 0;
  std::vector<std::string> problems;  ///< for people; empty: the output is proved

  std::string ToJson() const;
};

/// Proves a finished output by reading all of it: every part present, readable, with the
/// manifest's checksum and row count; no path twice; rows + rejects = references; each
/// row's path the one asked for; nothing that the manifest does not know.
///
/// Memory: one part, and 8 bytes an image (a hash of each path).
/// Errors: IOError, or KeyError if there is no Pomona output.
arrow::Result<VerifyReport> Verify(const std::string& output, const StorageOptions& storage);

}  // namespace pomona
