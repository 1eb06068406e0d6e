#include "pomona/source/source.h"

#include <string>

#include "pomona/reject.h"
#include "pomona/shown_text.h"
#include "pomona/source/arrow/source.h"
#include "pomona/source/local/source.h"
#include "pomona/source/s3/source.h"

namespace pomona {

arrow::Status TooManyBytes(int64_t size, int64_t limit) {
  return Rejected(RejectReason::kTooManyBytes,
                  (size == kUnknownSize ? std::string("more") : std::to_string(size)) +
                      " bytes, limit " + std::to_string(limit));
}

arrow::Result<std::shared_ptr<Source>> OpenSource(const Uri& uri, const StorageOptions& storage,
                                                  int fetches) {
  switch (uri.scheme) {
    case Scheme::kLocal:
      return MakeLocalSource(fetches);
    case Scheme::kS3:
      return OpenS3Source(storage, fetches);
    case Scheme::kHdfs:
    case Scheme::kGcs:
    case Scheme::kAzure:
      return ArrowSource::Open(uri, storage, fetches);
  }
  return arrow::Status::Invalid("no store for ", ShownUri(uri.ToString()));
}

}  // namespace pomona
