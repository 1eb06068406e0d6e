#pragma once

#include <arrow/status.h>

#include <optional>
#include <string>
#include <vector>

#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// A place where a table is about to be written, by us or by another writer.
struct OutputCheck {
  /// The folder or URI of the table.
  std::string output;

  /// What the table is made from: folders, files, or URIs of them. None of them may be the output
  /// or lie in it. All spellings of a place count as one: links, `..`, slashes, s3 and s3a, the
  /// case of a scheme, file:/x and file:///x.
  std::vector<std::string> sources;

  /// A table that is there already may go, or be added to: parts, `_SUCCESS`, and what a killed
  /// job of Spark left in `_temporary`.
  bool tables_may_go = false;

  /// What lies directly in the output, folders with a slash at their end, where another client
  /// than ours has looked. Absent: it is listed here.
  std::optional<std::vector<std::string>> names = std::nullopt;

  /// How that listing reaches its store.
  StorageOptions storage = {};
};

/// The one rule for outputs, of the command line, Python and Spark alike: Invalid if `output` is a
/// source or lies above one, or holds anything but a table. `_pomona/` and names that begin with
/// `.` are never in the way. Changes nothing. Cost: one listing, at most.
/// IOError: the output cannot be listed.
arrow::Status CheckOutput(const OutputCheck& check);

}  // namespace pomona
