#include "pomona/source/s3_answer_head.h"

#include <strings.h>

#include <cstdlib>

namespace pomona {
namespace {

bool StartsWithIgnoringCase(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && strncasecmp(text.data(), lower.data(), lower.size()) == 0;
}

std::string_view Value(std::string_view line, std::string_view name) {
  line.remove_prefix(name.size());
  while (line.starts_with(' ') || line.starts_with('"')) line.remove_prefix(1);
  while (line.ends_with(' ') || line.ends_with('"')) line.remove_suffix(1);
  return line;
}

}  // namespace

void S3AnswerHead::Clear() {
  status = 0;
  length = -1;
  etag.clear();
  region.clear();
}

void S3AnswerHead::Read(std::string_view line) {
  constexpr std::string_view kStatus = "http/1.", kETag = "etag:", kLength = "content-length:",
                             kRegion = "x-amz-bucket-region:";
  if (line.empty()) return;
  switch (line[0] | 0x20) {
    case 'h':
      // "HTTP/1.1 200 OK": also starts anew after "100 Continue".
      if (StartsWithIgnoringCase(line, kStatus) && line.size() >= 12) {
        status = std::strtol(std::string(line.substr(9, 3)).c_str(), nullptr, 10);
      }
      break;
    case 'e':
      if (StartsWithIgnoringCase(line, kETag)) etag = Value(line, kETag);
      break;
    case 'c':
      if (StartsWithIgnoringCase(line, kLength)) {
        length = std::strtoll(std::string(Value(line, kLength)).c_str(), nullptr, 10);
      }
      break;
    case 'x':
      if (StartsWithIgnoringCase(line, kRegion)) region = Value(line, kRegion);
      break;
    default:
      break;
  }
}

}  // namespace pomona
