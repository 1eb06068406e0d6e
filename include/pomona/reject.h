#pragma once

#include <arrow/status.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// Why one image has no feature row. A reject is data: it becomes a row of the
/// rejects table and the run goes on. Anything else is a failure of the run.
enum class RejectReason {
  kEmptyFile,          ///< zero bytes
  kUnsupportedFormat,  ///< no image of a kind that is read
  kTruncated,          ///< ends before the image does
  kCorrupt,            ///< the decoder found damage
  kTooManyPixels,      ///< header announces more than the pixel limit
  kTooManyBytes,       ///< larger than the limit of a file
  kBadAddress,         ///< not an address of any store that is known
  kPoison,             ///< the process that decoded it died, and did so again with it alone
  kTooSlow,            ///< takes more CPU time than max_image_seconds
  kTooMuchMemory,      ///< takes more memory than max_image_memory, or than there is
  kForbidden,          ///< no permission (EACCES, S3 403)
  kNotFound,           ///< vanished since the listing (ENOENT, S3 404)
  kChanged,            ///< size or version differs from the listing
  kTimeout,            ///< no answer in time, after all retries
  kUnavailable,        ///< 5xx, throttling, resets, short bodies, after all retries
  kIoError,            ///< any other storage error
};

/// Stable snake_case code, as written in the rejects table ("empty_file").
std::string_view RejectCode(RejectReason reason);

/// Inverse of RejectCode; nullopt for an unknown code.
std::optional<RejectReason> ParseRejectCode(std::string_view code);

/// All of them, by whose fault it is: the image's, that of a limit, the store's.
std::span<const RejectReason> RejectReasons();

/// What it means, in a sentence for people.
std::string_view RejectHelp(RejectReason reason);

/// True when the cause lies in storage, or in what this run would spend on an image, rather
/// than in the image: worth another try at the next `--update`.
bool IsWorthRetrying(RejectReason reason);

/// An error that is about this one image only. `message` is words for people,
/// without the URI (the row carries it); kept as ShownMessage shows it.
arrow::Status Rejected(RejectReason reason, std::string_view message);

/// The reason inside `status`, or nullopt if it is not about one image.
std::optional<RejectReason> RejectReasonOf(const arrow::Status& status);

}  // namespace pomona
