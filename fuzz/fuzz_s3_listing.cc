// Whatever a server answers to a request for a listing is refused or understood: what is
// understood has keys that Arrow's strings can hold, sizes that are some, and an end or a way on.
#include <arrow/util/utf8.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pomona/source/s3/page.h"
#include "pomona/storage/etag.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool ready = (arrow::util::InitializeUTF8(), true);
  static_cast<void>(ready);
  const auto page =
      pomona::S3Page::Parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!page.ok()) {
    if (!page.status().IsIOError()) std::abort();
    return 0;
  }
  for (const auto& object : page->objects) {
    if (object.key.empty() || !arrow::util::ValidateUTF8(object.key)) std::abort();
    if (object.size < 0 || !arrow::util::ValidateUTF8(object.etag)) std::abort();
    if (pomona::OpaqueETag(object.etag).size() > object.etag.size()) std::abort();
  }
  return 0;
}
