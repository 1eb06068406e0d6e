#include "pomona/error_kind.h"

namespace pomona {

using arrow::Status;
using arrow::StatusCode;

ErrorKind KindOf(const Status& status) {
  switch (status.code()) {
    case StatusCode::OK:
      return ErrorKind::kNone;
    case StatusCode::Invalid:
    case StatusCode::KeyError:
      return ErrorKind::kRequest;
    case kDamagedData:
      return ErrorKind::kData;
    case StatusCode::IOError:
      return ErrorKind::kStorage;
    case StatusCode::Cancelled:
      return ErrorKind::kCancelled;
    default:
      return ErrorKind::kOther;
  }
}

Status AsDamagedData(const Status& status) {
  if (status.ok() || status.IsOutOfMemory() || status.IsCancelled()) return status;
  return {kDamagedData, status.message(), status.detail()};
}

Status AfterFirstChange(const Status& status) {
  if (KindOf(status) != ErrorKind::kRequest) return status;
  return {StatusCode::ExecutionError, status.message(), status.detail()};
}

}  // namespace pomona
