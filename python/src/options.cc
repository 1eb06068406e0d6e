#include "options.h"

#include <nanobind/stl/vector.h>

#include <chrono>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "raise.h"

namespace pomona::python {
namespace nb = nanobind;

Options::Options(std::string function, const nb::dict& values) : function_(std::move(function)) {
  values_ = nb::steal<nb::dict>(PyDict_Copy(values.ptr()));
}

nb::object Options::Pop(const char* name) { return values_.attr("pop")(name, nb::none()); }

void Options::TakePath(const char* name, std::string* path) {
  const nb::object given = Pop(name);
  if (!given.is_none()) *path = PathOf(given);
}

void Options::WrongType(const char* name, const nb::object& given) const {
  const auto type = nb::cast<std::string>(given.type().attr("__name__"));
  throw nb::type_error((function_ + ": option `" + name + "` cannot be a " + type).c_str());
}

std::string Options::Unknown() const {
  for (const auto& [name, value] : values_) return nb::cast<std::string>(name);
  return "";
}

void Options::Finish() const {
  if (const std::string name = Unknown(); !name.empty()) {
    throw nb::type_error(
        (function_ + "() got an unexpected keyword argument '" + name + "'").c_str());
  }
}

void Options::Take(const Option& option, RunOptions* options) {
  const nb::object given = Pop(option.name.data());
  if (given.is_none()) return;
  const auto take = [&](auto& value) {
    if (!nb::try_cast(given, value)) WrongType(option.name.data(), given);
  };
  const auto set = [&](const auto& field) {
    using Field = std::remove_cvref_t<decltype(field)>;
    if constexpr (std::is_same_v<Field, PathField>) {
      *field.value = PathOf(given);
    } else if constexpr (std::is_same_v<Field, TextField>) {
      std::string text;
      take(text);
      RaiseIfError(field.set(text));
    } else if constexpr (std::is_same_v<Field, RejectLimit*>) {
      std::string text;
      if (int64_t count = 0; nb::try_cast(given, count)) {
        text = std::to_string(count);
      } else {
        take(text);
      }
      *field = ValueOrRaise(RejectLimit::Parse(text));
    } else if constexpr (std::is_same_v<Field, std::chrono::milliseconds*>) {
      double seconds = 0;
      take(seconds);
      RaiseIfError(SetSeconds(option, seconds, field));
    } else if constexpr (std::is_same_v<Field, std::vector<std::string>*>) {
      if (nb::isinstance<nb::str>(given)) {
        *field = {nb::cast<std::string>(given)};
      } else {
        take(*field);
      }
    } else {
      take(*field);
    }
  };
  std::visit(set, option.field(*options));
}

std::string PathOf(const nb::object& path) {
  // Bytes that are no UTF-8 are in Python's strings as surrogates, which only this turns back.
  const nb::object raw = nb::module_::import_("os").attr("fsencode")(path);
  const auto bytes = nb::cast<nb::bytes>(raw);
  return std::string(static_cast<const char*>(bytes.data()), bytes.size());
}

namespace {

void TakeGroup(Options& given, OptionGroup group, RunOptions* options,
               const std::function<bool(const Option&)>& takes = {}) {
  for (const Option& option : RunOptionTable()) {
    if (option.group != group || !(option.surfaces & kPython)) continue;
    if (!takes || takes(option)) given.Take(option, options);
  }
}

}  // namespace

void TakeOptions(Options& given, std::initializer_list<OptionGroup> groups, RunOptions* options,
                 const std::function<bool(const Option&)>& takes) {
  for (const OptionGroup group : groups) {
    if (group != OptionGroup::kStorage) {
      TakeGroup(given, group, options, takes);
      continue;
    }
    TakeStorageOptions(given, &options->extract.storage);
    options->list.storage = options->extract.storage;
  }
}

void TakeStorageOptions(Options& given, StorageOptions* options) {
  const nb::object values = given.Pop("storage");
  if (values.is_none()) return;
  if (!nb::isinstance<nb::dict>(values)) given.WrongType("storage", values);
  Options storage("storage", nb::borrow<nb::dict>(values));
  RunOptions run;
  run.extract.storage = *options;
  TakeGroup(storage, OptionGroup::kStorage, &run);
  *options = run.extract.storage;
  if (const std::string name = storage.Unknown(); !name.empty()) {
    throw nb::type_error(("storage: there is no option `" + name + "`").c_str());
  }
}

}  // namespace pomona::python
