#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <string>

#include "pomona/extract.h"
#include "pomona/list.h"

namespace pomona::python {

/// The keyword arguments of one call. None means the default. TypeError for a value of another
/// type, and for a name that nobody took.
class Options {
 public:
  /// `function` is named in errors.
  Options(std::string function, const nanobind::dict& values);

  template <typename T>
  void Take(const char* name, T* value) {
    const nanobind::object given = Pop(name);
    if (given.is_none()) return;
    if (!nanobind::try_cast(given, *value)) WrongType(name, given);
  }

  /// A string, or an object with __fspath__.
  void TakePath(const char* name, std::string* value);

  /// What was given as `name`, or None.
  nanobind::object Pop(const char* name);

  [[noreturn]] void WrongType(const char* name, const nanobind::object& given) const;

  /// Call when all are taken.
  void Finish() const;

 private:
  const std::string function_;
  nanobind::dict values_;
};

/// A string, bytes, or an object with __fspath__, as a string. TypeError.
std::string PathOf(const nanobind::object& path);

/// What pomona.list_images takes, all of it but the source and the storage.
void TakeListOptions(Options& given, ListOptions* options);

/// What pomona.Extractor takes, all of it but the storage.
void TakeExtractOptions(Options& given, ExtractOptions* options);

/// `storage`, a dict.
void TakeStorageOptions(Options& given, StorageOptions* options);

}  // namespace pomona::python
