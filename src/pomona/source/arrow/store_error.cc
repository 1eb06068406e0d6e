#include "pomona/source/arrow/store_error.h"

#include <arrow/util/io_util.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>

namespace pomona {
namespace {

constexpr StoreError kNotFound{RejectReason::kNotFound, false};
constexpr StoreError kForbidden{RejectReason::kForbidden, false};
constexpr StoreError kTimeout{RejectReason::kTimeout, true};
constexpr StoreError kUnavailable{RejectReason::kUnavailable, true};

struct Words {
  std::string_view words;  // lower case
  StoreError error;
};
constexpr std::array<Words, 27> kWords = {{
    {"no such file", kNotFound},
    {"does not exist", kNotFound},
    {"filenotfound", kNotFound},
    {"not found", kNotFound},
    {"not_found", kNotFound},
    {"blobnotfound", kNotFound},
    {"http 404", kNotFound},
    {"accesscontrolexception", kForbidden},
    {"permission denied", kForbidden},
    {"permission_denied", kForbidden},
    {"authorizationfailure", kForbidden},
    {"authorizationpermissionmismatch", kForbidden},
    {"forbidden", kForbidden},
    {"timed out", kTimeout},
    {"timeout", kTimeout},
    {"deadline_exceeded", kTimeout},
    {"slow down", kUnavailable},
    {"slowdown", kUnavailable},
    {"service unavailable", kUnavailable},
    {"unavailable", kUnavailable},
    {"serverbusy", kUnavailable},
    {"too many requests", kUnavailable},
    {"resource_exhausted", kUnavailable},
    {"connection re", kUnavailable},  // reset, refused
    {"broken pipe", kUnavailable},
    {"standbyexception", kUnavailable},
    {"internal error", kUnavailable},
}};

std::optional<StoreError> FromErrno(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return kNotFound;
    case EACCES:
    case EPERM:
      return kForbidden;
    case ETIMEDOUT:
      return kTimeout;
    case ECONNRESET:
    case ECONNREFUSED:
    case ECONNABORTED:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EPIPE:
    case EAGAIN:
      return kUnavailable;
    default:
      return std::nullopt;
  }
}

}  // namespace

StoreError ClassifyStoreError(const arrow::Status& status) {
  if (const auto known = FromErrno(arrow::internal::ErrnoFromStatus(status))) return *known;
  std::string text = status.message();
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const Words& known : kWords) {
    if (text.find(known.words) != std::string::npos) return known.error;
  }
  return {RejectReason::kIoError, status.IsIOError()};
}

}  // namespace pomona
