#include "pomona/reject_limit.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "pomona/shown_text.h"

namespace pomona {
namespace {

constexpr char kTypeId[] = "pomona::TooManyRejects";

class TooManyRejectsDetail : public arrow::StatusDetail {
 public:
  const char* type_id() const override { return kTypeId; }
  std::string ToString() const override { return "too many rejects"; }
};

/// All of `text` as a number; nullopt if it is none.
template <typename Number>
std::optional<Number> Parsed(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || at != end) return std::nullopt;
  return number;
}

}  // namespace

arrow::Result<RejectLimit> RejectLimit::Parse(const std::string& text) {
  RejectLimit limit;
  if (text.ends_with('%')) {
    limit.percent_ = Parsed<double>(std::string_view(text).substr(0, text.size() - 1));
    if (limit.percent_ && *limit.percent_ >= 0 && *limit.percent_ <= 100) return limit;
  } else {
    limit.count_ = Parsed<int64_t>(text);
    if (limit.count_ && *limit.count_ >= 0) return limit;
  }
  return arrow::Status::Invalid("option `max_rejects` must be a number or a share, got `",
                                ShownText(text), "`\nhint: as 100, or 2.5%");
}

std::string RejectLimit::ToString() const {
  if (count_) return fmt::format("{}", *count_);
  return percent_ ? fmt::format("{}%", *percent_) : "";
}

bool RejectLimit::IsExceeded(int64_t rejects, int64_t references) const {
  if (count_) return rejects > *count_;
  if (!percent_) return rejects > 0 && rejects == references;
  // So much more as the product may be rounded.
  constexpr double kRounding = 1 + 1e-12;
  return static_cast<double>(rejects) * 100 >
         *percent_ * static_cast<double>(references) * kRounding;
}

bool RejectLimit::IsExceededFor(int64_t rejects_so_far, std::optional<int64_t> references) const {
  if (count_) return rejects_so_far > *count_;
  return percent_ && references && IsExceeded(rejects_so_far, *references);
}

std::string DescribeRejects(const std::map<std::string, int64_t>& reasons) {
  std::vector<std::pair<std::string, int64_t>> most(reasons.begin(), reasons.end());
  std::ranges::stable_sort(most, [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [reason, count] : most) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, reason);
  }
  return text;
}

arrow::Status TooManyRejects(int64_t rejects, int64_t references,
                             const std::map<std::string, int64_t>& reasons) {
  const std::string counted = references > 0 ? fmt::format("{} of {}", rejects, references)
                                             : fmt::format("{} so far", rejects);
  const std::string why = reasons.empty() ? "" : " (" + DescribeRejects(reasons) + ")";
  return arrow::Status::FromDetailAndArgs(
      arrow::StatusCode::ExecutionError, std::make_shared<TooManyRejectsDetail>(),
      "too many images without features: ", counted, why,
      "\nhint: OUTPUT/_pomona/rejects names them, as far as parts are written; option "
      "`max_rejects` allows more (100%: all)");
}

bool IsTooManyRejects(const arrow::Status& status) {
  const auto& detail = status.detail();
  return detail != nullptr && std::string_view(detail->type_id()) == kTypeId;
}

}  // namespace pomona
