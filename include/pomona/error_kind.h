#pragma once

#include <arrow/status.h>

#include <utility>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// Whose fault an error is. The one place that says which status code is which: exit codes of the
/// command line and exceptions of Python follow it.
enum class ErrorKind {
  kNone,       ///< OK
  kRequest,    ///< Invalid, KeyError: a bad option, or a state in which it cannot be done
  kData,       ///< SerializationError: a file, a table or a row that is damaged or no such thing
  kStorage,    ///< IOError: a store that is missing, forbids, or fails
  kCancelled,  ///< Cancelled
  kOther       ///< any other: memory, a run that was taken over
};

ErrorKind KindOf(const arrow::Status& status);

/// The code of kData.
inline constexpr arrow::StatusCode kDamagedData = arrow::StatusCode::SerializationError;

/// kData, with these words.
template <typename... Words>
arrow::Status DamagedData(Words&&... words) {
  return arrow::Status::FromArgs(kDamagedData, std::forward<Words>(words)...);
}

/// A reader's `status` on bytes that storage gave without an error: kData, as libraries say
/// Invalid, IOError or TypeError of damage. Lack of memory and Cancelled stay what they are.
arrow::Status AsDamagedData(const arrow::Status& status);

/// A refusal that comes when the output has been changed already: kOther, for "refused" promises
/// that nothing was. All else stays what it is.
arrow::Status AfterFirstChange(const arrow::Status& status);

}  // namespace pomona
