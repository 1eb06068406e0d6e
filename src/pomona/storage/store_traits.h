#pragma once

#include <arrow/filesystem/filesystem.h>

namespace pomona {

/// What one of Arrow's filesystems does otherwise than the others. This is the one place that goes
/// by what a filesystem is; the rest asks what it does.
struct StoreTraits {
  /// Paths are in Java's UTF-8 (modified_utf8.h).
  bool takes_modified_utf8 = false;
  /// A read may give less than there is. Elsewhere that is the end, and object stores call a read
  /// at the end an error.
  bool reads_in_pieces = false;
  /// A folder shows only where an object marks it, and few programs make such objects.
  bool hides_folders = false;
  /// A file moves in one step. Elsewhere an upload appears in one step, when it is complete.
  bool moves_at_once = false;
  /// A file that moves replaces the one that has its new name; elsewhere that is an error.
  bool moves_onto_files = false;
  /// A file that is created makes the folders above it.
  bool makes_parents = false;
  /// A folder may be a link to another.
  bool has_links = false;
  /// A file is on the disk only when that was asked for, and its name when that was, too.
  bool wants_sync = false;
};

StoreTraits TraitsOf(const arrow::fs::FileSystem& filesystem);

}  // namespace pomona
