#pragma once

#include <string_view>

namespace pomona {

/// True for the base name of what readers of tables skip: `_*` and `.*`, where Spark and editors
/// keep their own things.
bool IsPrivateName(std::string_view name);

/// True for the base name of a file or folder that no listing shows: `.*`, and what writers of
/// tables make (see IsTableWriterName).
bool IsHiddenName(std::string_view name);

/// True if any component of `path` is hidden. `path` is relative to the source.
bool IsHiddenPath(std::string_view path);

/// True if any component of `path` begins with an underscore: what a listing left out before
/// ListingRule was recorded. `path` is relative to the source.
bool HasUnderscoreName(std::string_view path);

/// True for an object that stands for a folder, as Hadoop's older clients and EMR's write it:
/// `x_$folder$`.
bool IsFolderMarker(std::string_view path);

}  // namespace pomona
