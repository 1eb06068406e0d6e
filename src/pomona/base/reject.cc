#include "pomona/reject.h"

#include <array>
#include <memory>
#include <utility>

#include "pomona/shown_text.h"

namespace pomona {
namespace {

constexpr char kTypeId[] = "pomona::RejectDetail";

constexpr std::array<std::pair<RejectReason, std::string_view>, 16> kCodes = {{
    {RejectReason::kEmptyFile, "empty_file"},
    {RejectReason::kUnsupportedFormat, "unsupported_format"},
    {RejectReason::kTruncated, "truncated"},
    {RejectReason::kCorrupt, "corrupt"},
    {RejectReason::kTooManyPixels, "too_many_pixels"},
    {RejectReason::kTooManyBytes, "too_many_bytes"},
    {RejectReason::kBadAddress, "bad_address"},
    {RejectReason::kPoison, "poison"},
    {RejectReason::kTooSlow, "too_slow"},
    {RejectReason::kTooMuchMemory, "too_much_memory"},
    {RejectReason::kForbidden, "forbidden"},
    {RejectReason::kNotFound, "not_found"},
    {RejectReason::kChanged, "changed"},
    {RejectReason::kTimeout, "timeout"},
    {RejectReason::kUnavailable, "unavailable"},
    {RejectReason::kIoError, "io_error"},
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
  for (const auto& [value, code] : kCodes) {
    if (value == reason) return code;
  }
  return "io_error";
}

std::optional<RejectReason> ParseRejectCode(std::string_view code) {
  for (const auto& [value, name] : kCodes) {
    if (name == code) return value;
  }
  return std::nullopt;
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
