// Whatever a server says about an error, or an upload: what is taken from it can be a region, and
// what people are shown of it is one line of text. The first byte chooses the status, the second
// how much of the rest is a header of the region; after that comes the body.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "pomona/shown_text.h"
#include "pomona/storage/s3/address.h"
#include "pomona/storage/s3/answer_head.h"
#include "pomona/storage/s3/error.h"
#include "pomona/storage/s3/multipart_xml.h"

namespace {

void CheckShown(const arrow::Status& status) {
  if (status.ok()) std::abort();
  std::string message = status.message();
  constexpr std::string_view kHint = "\nhint: ";
  if (const size_t hint = message.rfind(kHint); hint != std::string::npos) {
    message.replace(hint, kHint.size(), " ");
  }
  if (message != pomona::ShownText(message)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr std::array<long, 8> kStatuses = {301, 307, 400, 403, 404, 412, 500, 503};
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::string_view header = text.substr(0, std::min<size_t>(data[1], text.size()));
  pomona::S3AnswerHead head;
  head.Read("x-amz-bucket-region: " + std::string(header));
  head.Read(header);
  if (head.length < -1 || head.status < 0) std::abort();
  const auto error = pomona::S3Error::FromAnswer(kStatuses[data[0] % kStatuses.size()],
                                                 text.substr(header.size()), head.region);
  if (!error.region.empty() && !pomona::IsRegionName(error.region)) std::abort();
  CheckShown(error.ForImage());
  CheckShown(error.ForSource("s3a://bucket/folder"));
  if (const auto id = pomona::ParseS3UploadId(text); id.ok() && id->empty()) std::abort();
  (void)pomona::ParseS3CompletedChecksum(text);
  const auto uploads = pomona::S3UploadsPage::Parse(text);
  if (!uploads.ok()) return 0;
  for (const auto& upload : uploads->uploads) {
    if (upload.key.empty() || upload.id.empty()) std::abort();
  }
  return 0;
}
