#pragma once

#include <string_view>

namespace pomona {

/// True for the base name of what readers of tables skip, too: `_*` and `.*`, where Spark and
/// editors keep their own things.
bool IsPrivateName(std::string_view name);

/// True for the base name of a file or folder that is never part of a source: private ones, and
/// the part files of other runs, `part-*.parquet`.
bool IsHiddenName(std::string_view name);

/// True if any component of `path` is hidden. `path` is relative to the source.
bool IsHiddenPath(std::string_view path);

}  // namespace pomona
