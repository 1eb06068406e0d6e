#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <string>

#include <functional>
#include <initializer_list>

#include "pomona/options.h"

namespace pomona::python {

/// The keyword arguments of one call. None means the default. TypeError for a value of another
/// type, and for a name that nobody took, in Python's own words.
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

  /// A path or URI: a string, bytes, or an object with __fspath__.
  void TakePath(const char* name, std::string* path);

  /// An option of the table.
  void Take(const Option& option, RunOptions* options);

  /// What was given as `name`, or None.
  nanobind::object Pop(const char* name);

  [[noreturn]] void WrongType(const char* name, const nanobind::object& given) const;

  /// Call when all are taken.
  void Finish() const;

  /// A name that nobody took, or empty.
  std::string Unknown() const;

 private:
  const std::string function_;
  nanobind::dict values_;
};

/// A string, bytes, or an object with __fspath__, as a string. TypeError.
std::string PathOf(const nanobind::object& path);

/// What is given of the options of these groups, and of them of those that `takes` says (empty:
/// all); kStorage is the dict `storage`.
void TakeOptions(Options& given, std::initializer_list<OptionGroup> groups, RunOptions* options,
                 const std::function<bool(const Option&)>& takes = {});

/// `storage` alone.
void TakeStorageOptions(Options& given, StorageOptions* options);

}  // namespace pomona::python
