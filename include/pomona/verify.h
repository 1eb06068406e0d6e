#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// What Verify found.
struct VerifyReport {
  int64_t parts = 0, rows = 0, rejects = 0, references = 0;
  int64_t bytes = 0;                  ///< read, and so proved; 0: a quick look
  std::vector<std::string> problems;  ///< for people; empty: the output is proved

  std::string ToJson() const;
};

/// Proves a finished output by reading all of it: every part present, readable, with the
/// manifest's checksum and row count; no path twice; rows + rejects = references; each
/// row's path the one asked for; nothing that the manifest does not know.
///
/// With `quick` no data is read: the states and their hashes are proved, and that all files of the
/// table are there with their sizes, and no others. Damage inside a file is not seen.
///
/// Memory: one part, and 8 bytes an image (a hash of each path); quick, some kB a part.
/// Errors: IOError, or KeyError if there is no Pomona output.
arrow::Result<VerifyReport> Verify(const std::string& output, const StorageOptions& storage,
                                   bool quick = false);

}  // namespace pomona
