#pragma once

#include <arrow/result.h>
#include <arrow/status.h>
#include <nanobind/nanobind.h>

#include <string>
#include <string_view>
#include <utility>

namespace pomona::python {

/// A message of the core as Python says it: "overwrite=True", "precision=\"auto\"".
std::string Spelt(std::string_view message);

/// The exception of pomona.errors for `status`, which is not ok.
nanobind::object ErrorOf(const arrow::Status& status);

/// Raises `error` in Python.
[[noreturn]] void Raise(const nanobind::object& error);

/// Raises ErrorOf(status) unless it is ok; KeyboardInterrupt, or whatever a signal handler
/// has raised, for Cancelled; what Python code raised that a stream is made of, as it is.
void RaiseIfError(const arrow::Status& status);

template <typename T>
T ValueOrRaise(arrow::Result<T> result) {
  RaiseIfError(result.status());
  return std::move(result).ValueUnsafe();
}

}  // namespace pomona::python
