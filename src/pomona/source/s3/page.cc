#include "pomona/source/s3/page.h"

#include <charconv>
#include <chrono>
#include <optional>
#include <pugixml.hpp>
#include <utility>

#include "pomona/storage/etag.h"
#include "pomona/storage/s3/encoding.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

// Digits and nothing else.
std::optional<int64_t> Number(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

Result<S3Page::Object> ParseObject(const pugi::xml_node& node, bool encoded) {
  S3Page::Object object;
  object.key = node.child_value("Key");
  if (encoded) object.key = S3Decode(object.key);
  if (object.key.empty()) return Status::IOError("an S3 listing has an object without a key");
  if (EscapeInvalidUtf8(object.key) != object.key) {
    return Status::IOError("an S3 listing has a key that is not UTF-8: ",
                           EscapeInvalidUtf8(object.key));
  }
  const auto size = Number(node.child_value("Size"));
  if (!size) {
    return Status::IOError("an S3 listing has a size that is none, of ", object.key);
  }
  object.size = *size;
  object.mtime_us = ParseS3Time(node.child_value("LastModified"));
  object.etag = EscapeInvalidUtf8(std::string(OpaqueETag(node.child_value("ETag"))));
  return object;
}

}  // namespace

int64_t ParseS3Time(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  if (text.size() <= kForm.size() || text.back() != 'Z') return 0;
  for (size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == '0' ? !digit : text[i] != kForm[i]) return 0;
  }
  const auto part = [&](size_t at, size_t length) {
    return static_cast<int>(*Number(text.substr(at, length)));
  };
  const std::chrono::year_month_day date{std::chrono::year(part(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(part(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(part(8, 2)))};
  const int hour = part(11, 2), minute = part(14, 2), second = part(17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return 0;

  std::string_view fraction = text.substr(kForm.size(), text.size() - kForm.size() - 1);
  int64_t microseconds = 0;
  if (!fraction.empty()) {
    if (fraction.front() != '.' || fraction.size() < 2) return 0;
    std::string digits(fraction.substr(1, 6));
    digits.resize(6, '0');
    const auto value = Number(digits);
    if (!value || fraction.find_first_not_of("0123456789", 1) != std::string_view::npos) return 0;
    microseconds = *value;
  }
  const auto midnight = std::chrono::sys_days(date).time_since_epoch();
  return std::chrono::microseconds(midnight).count() +
         ((hour * 60 + minute) * 60 + second) * 1'000'000LL + microseconds;
}

Result<S3Page> S3Page::Parse(std::string_view xml) {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(xml.data(), xml.size());
  const pugi::xml_node root = document.child("ListBucketResult");
  if (!parsed || !root) return Status::IOError("not an answer of an S3 listing");
  const bool encoded = std::string_view(root.child_value("EncodingType")) == "url";
  S3Page page;
  for (pugi::xml_node node : root.children("Contents")) {
    ARROW_ASSIGN_OR_RAISE(Object object, ParseObject(node, encoded));
    page.objects.push_back(std::move(object));
  }
  // What is neither yes nor no must not pass for the end: images would be left out in silence.
  const std::string_view truncated = root.child_value("IsTruncated");
  if (truncated != "true" && truncated != "false" && !truncated.empty()) {
    return Status::IOError("an S3 listing does not say whether it goes on");
  }
  if (truncated != "false") page.continuation_token = root.child_value("NextContinuationToken");
  if (truncated == "true" && page.continuation_token.empty()) {
    return Status::IOError("an S3 listing breaks off without a continuation token");
  }
  return page;
}

}  // namespace pomona
