#include "raise.h"

#include <string>

#include "pomona/error_kind.h"
#include "pomona/options.h"
#include "pomona/reject.h"
#include "pomona/reject_limit.h"
#include "pomona/shown_text.h"
#include "python_batches.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

/// A source that is no address is an option that cannot be.
bool IsAboutImage(const arrow::Status& status) {
  const auto reason = RejectReasonOf(status);
  return reason && *reason != RejectReason::kBadAddress;
}

const char* TypeOf(const arrow::Status& status) {
  if (IsAboutImage(status)) return "ImageError";
  if (IsTooManyRejects(status)) return "TooManyRejects";
  if (status.IsOutOfMemory()) return "OutOfMemory";
  switch (KindOf(status)) {
    case ErrorKind::kRequest:
      return status.IsKeyError() ? "NotFound" : "InvalidOption";
    case ErrorKind::kData:
      return "DamagedData";
    case ErrorKind::kStorage:
      return "StorageError";
    default:
      return "PomonaError";
  }
}

std::string Keyword(std::string_view name, std::string_view value) {
  const Option* option = FindOption(name);
  const std::string_view type = option == nullptr ? "text" : option->type();
  if (value.empty() && type == "flag") value = "True";
  const bool quoted = type != "flag" && type != "integer" && type != "number";
  const std::string quote = quoted ? "\"" : "";
  std::string keyword(name);
  const bool in_storage = option != nullptr && option->group == OptionGroup::kStorage;
  if (in_storage) keyword = "\"" + keyword + "\"";
  if (!value.empty()) {
    keyword.append(in_storage ? ": " : "=").append(quote).append(value).append(quote);
  }
  return in_storage ? "storage={" + keyword + (value.empty() ? ": ...}" : "}") : keyword;
}

}  // namespace

std::string Spelt(std::string_view message) { return SpellOptions(message, Keyword); }

nb::object ErrorOf(const arrow::Status& status) {
  const auto reason = RejectReasonOf(status);
  std::string message = status.message();
  // What the system said ("[errno 13] Permission denied") is beside Arrow's own words.
  if (status.detail() != nullptr && !reason && !IsTooManyRejects(status)) {
    message += ": " + status.detail()->ToString();
  }
  message = ShownMessage(Spelt(message));
  nb::object error =
      nb::module_::import_("pomona.errors").attr(TypeOf(status))(nb::str(message.c_str()));
  if (IsAboutImage(status))
    error.attr("reason") = nb::str(std::string(RejectCode(*reason)).c_str());
  return error;
}

void Raise(const nb::object& error) {
  PyErr_SetObject(error.type().ptr(), error.ptr());
  throw nb::python_error();
}

void RaiseIfError(const arrow::Status& status) {
  if (status.ok()) return;
  if (status.IsCancelled()) {
    if (!PyErr_Occurred()) PyErr_SetNone(PyExc_KeyboardInterrupt);
    throw nb::python_error();
  }
  if (const nb::object raised = RaisedBy(status); raised.is_valid()) Raise(raised);
  Raise(ErrorOf(status));
}

}  // namespace pomona::python
