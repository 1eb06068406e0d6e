#include "pomona/storage/s3/answer_head.h"

#include <strings.h>

#include <charconv>

#include "pomona/storage/etag.h"

namespace pomona {
namespace {

bool StartsWithIgnoringCase(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && strncasecmp(text.data(), lower.data(), lower.size()) == 0;
}

std::string_view Value(std::string_view line, std::string_view name) {
  line.remove_prefix(name.size());
  while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
  while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
  return line;
}

// Digits and nothing else; `none` otherwise.
template <typename Integer>
Integer Number(std::string_view text, Integer none) {
  Integer value = none;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && value >= 0;
  return whole ? value : none;
}

}  // namespace

void S3AnswerHead::Clear() {
  status = 0;
  length = -1;
  etag.clear();
  region.clear();
  date.clear();
  checksum.clear();
}

void S3AnswerHead::Read(std::string_view line) {
  constexpr std::string_view kStatus = "http/1.", kETag = "etag:", kLength = "content-length:",
                             kRegion = "x-amz-bucket-region:", kDate = "date:",
                             kChecksum = "x-amz-checksum-sha256:";
  if (line.empty()) return;
  switch (line[0] | 0x20) {
    case 'h':
      // "HTTP/1.1 200 OK": also starts anew after "100 Continue".
      if (StartsWithIgnoringCase(line, kStatus) && line.size() >= 12) {
        status = Number(line.substr(9, 3), 0L);
      }
      break;
    case 'e':
      if (StartsWithIgnoringCase(line, kETag)) etag = OpaqueETag(Value(line, kETag));
      break;
    case 'c':
      if (StartsWithIgnoringCase(line, kLength)) {
        length = Number(Value(line, kLength), int64_t{-1});
      }
      break;
    case 'd':
      if (StartsWithIgnoringCase(line, kDate)) date = Value(line, kDate);
      break;
    case 'x':
      if (StartsWithIgnoringCase(line, kRegion)) region = Value(line, kRegion);
      if (StartsWithIgnoringCase(line, kChecksum)) checksum = Value(line, kChecksum);
      break;
    default:
      break;
  }
}

}  // namespace pomona
