#include "pomona/reject.h"

#include <array>
#include <memory>

#include "pomona/shown_text.h"

namespace pomona {
namespace {

constexpr char kTypeId[] = "pomona::RejectDetail";

struct Reason {
  RejectReason reason;
  std::string_view code;
  std::string_view help;
};

constexpr std::array<Reason, 16> kReasons = {{
    {RejectReason::kEmptyFile, "empty_file", "The file has no bytes."},
    {RejectReason::kUnsupportedFormat, "unsupported_format",
     "The file is no image of a kind that is read."},
    {RejectReason::kTruncated, "truncated", "The file ends before its image does."},
    {RejectReason::kCorrupt, "corrupt", "The decoder found damage."},
    {RejectReason::kTooManyPixels, "too_many_pixels",
     "The header announces more pixels than max_pixels."},
    {RejectReason::kTooManyBytes, "too_many_bytes", "The file is larger than max_bytes."},
    {RejectReason::kBadAddress, "bad_address",
     "The reference is no address of any store that is known."},
    {RejectReason::kPoison, "poison",
     "The process that decoded the image died, and did so again with it alone."},
    {RejectReason::kTooSlow, "too_slow", "The image takes more CPU time than max_image_seconds."},
    {RejectReason::kTooMuchMemory, "too_much_memory",
     "The image takes more memory than max_image_memory, or than there is."},
    {RejectReason::kForbidden, "forbidden", "Storage gives no permission (EACCES, S3 403)."},
    {RejectReason::kNotFound, "not_found",
     "The image has vanished since it was listed (ENOENT, S3 404)."},
    {RejectReason::kChanged, "changed", "Size or version differ from what was listed."},
    {RejectReason::kTimeout, "timeout", "Storage did not answer in time, after all tries."},
    {RejectReason::kUnavailable, "unavailable",
     "Storage was not available (5xx, throttling, resets, short bodies), after all tries."},
    {RejectReason::kIoError, "io_error", "Storage had any other error."},
}};

class RejectDetail : public arrow::StatusDetail {
 public:
  explicit RejectDetail(RejectReason reason) : reason_(reason) {}
  const char* type_id() const override { return kTypeId; }
  std::string ToString() const override { return std::string(RejectCode(reason_)); }
  RejectReason reason() const { return reason_; }

 private:
  RejectReason reason_;
};

}  // namespace

std::string_view RejectCode(RejectReason reason) {
  for (const Reason& one : kReasons) {
    if (one.reason == reason) return one.code;
  }
  return "io_error";
}

std::string_view RejectHelp(RejectReason reason) {
  for (const Reason& one : kReasons) {
    if (one.reason == reason) return one.help;
  }
  return "";
}

std::optional<RejectReason> ParseRejectCode(std::string_view code) {
  for (const Reason& one : kReasons) {
    if (one.code == code) return one.reason;
  }
  return std::nullopt;
}

std::span<const RejectReason> RejectReasons() {
  static const auto reasons = [] {
    std::array<RejectReason, kReasons.size()> all{};
    for (size_t i = 0; i < all.size(); ++i) all[i] = kReasons[i].reason;
    return all;
  }();
  return reasons;
}

bool IsWorthRetrying(RejectReason reason) { return reason >= RejectReason::kTooSlow; }

arrow::Status Rejected(RejectReason reason, std::string_view message) {
  return arrow::Status::FromDetailAndArgs(
      arrow::StatusCode::Invalid, std::make_shared<RejectDetail>(reason), ShownMessage(message));
}

std::optional<RejectReason> RejectReasonOf(const arrow::Status& status) {
  const auto& detail = status.detail();
  if (detail == nullptr || std::string_view(detail->type_id()) != kTypeId) return std::nullopt;
  return static_cast<const RejectDetail&>(*detail).reason();
}

}  // namespace pomona
