// Whatever a client sends as a body is refused or is photos that lie within it. The first byte
// chooses a form or a request of the Open Inference Protocol; of the latter the second is how much
// of the rest is JSON: 0 says that nothing says it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "pomona/error_kind.h"
#include "pomona/serve/infer_request.h"
#include "pomona/serve/photo_body.h"

namespace {

void Look(const arrow::Result<pomona::Photos>& photos, size_t most) {
  if (!photos.ok()) {
    if (pomona::KindOf(photos.status()) != pomona::ErrorKind::kRequest) std::abort();
    return;
  }
  if (photos->empty() || photos->size() > most) std::abort();
  // Read to the last byte.
  int64_t sum = 0;
  for (const auto& photo : *photos) {
    for (const char byte : std::string_view(*photo)) sum += byte;
  }
  if (sum == INT64_MIN) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  // Of its own, so that reading beyond it is seen.
  const auto body = arrow::Buffer::FromString(std::string(text));
  if (data[0] % 2 == 0) {
    Look(pomona::PhotosOf("multipart/form-data; boundary=b", body), pomona::kMostPhotos);
    // The head is the client's as well.
    const size_t end = std::min<size_t>(data[1], text.size());
    Look(pomona::PhotosOf("multipart/form-data;" + std::string(text.substr(0, end)),
                          arrow::Buffer::FromString(std::string(text.substr(end)))),
         pomona::kMostPhotos);
    return 0;
  }
  const auto request = pomona::ParseInferRequest(data[1] == 0 ? "" : std::to_string(data[1]), body);
  Look(request.ok() ? arrow::Result<pomona::Photos>(request->images) : request.status(),
       pomona::kMostInferImages);
  return 0;
}
