#include "pomona/storage/s3/object_writer.h"

#include <utility>

#include "pomona/shown_text.h"
#include "pomona/storage/s3/encoding.h"
#include "pomona/storage/s3/multipart_xml.h"
#include "pomona/storage/s3/put.h"

namespace pomona {

namespace {

using arrow::Result;
using arrow::Status;

// As ListMultipartUploads has it: what follows the upload `from_id` of `from_key`.
std::string UploadsQuery(const std::string& prefix, const std::string& from_key,
                         const std::string& from_id) {
  std::string query = "encoding-type=url";
  if (!from_key.empty()) query += "&key-marker=" + S3Encode(from_key);
  query += "&prefix=" + S3Encode(prefix);
  if (!from_key.empty()) query += "&upload-id-marker=" + S3Encode(from_id);
  return query + "&uploads=";
}

}  // namespace

Result<std::shared_ptr<S3ObjectWriter>> S3ObjectWriter::Open(const StorageOptions& storage,
                                                             std::string bucket) {
  ARROW_ASSIGN_OR_RAISE(auto caller, S3Caller::Open(storage, std::move(bucket)));
  return std::make_shared<S3ObjectWriter>(std::move(caller));
}

Result<bool> S3ObjectWriter::Put(const std::string& key, std::string_view bytes,
                                 const S3WriteOptions& options) {
  return PutS3Object(caller_.get(), key, std::make_shared<arrow::Buffer>(bytes), options);
}

std::shared_ptr<S3Upload> S3ObjectWriter::Create(const std::string& key, int64_t piece) {
  return std::make_shared<S3Upload>(caller_, key, piece);
}

Status S3ObjectWriter::Delete(const std::string& key, std::optional<StoreClock::Time> valid_until) {
  S3CallRequest request{.verb = S3Verb::kDelete, .key = key, .query = ""};
  ARROW_RETURN_NOT_OK(caller_->Restrict({.valid_until = valid_until}, &request));
  const S3CallAnswer answer = caller_->Call(std::move(request));
  if (!answer.error || answer.error->kind == S3Error::Kind::kNotFound) return Status::OK();
  return caller_->ErrorOf(answer, key);
}

Result<int64_t> S3ObjectWriter::AbortUploadsBelow(const std::string& prefix,
                                                  std::optional<StoreClock::Time> valid_until) {
  int64_t aborted = 0;
  std::string from_key, from_id;
  while (true) {
    const S3CallAnswer answer = caller_->Call(
        {.verb = S3Verb::kList, .key = "", .query = UploadsQuery(prefix, from_key, from_id)});
    if (answer.error) return caller_->ErrorOf(answer, prefix);
    ARROW_ASSIGN_OR_RAISE(const S3UploadsPage page, S3UploadsPage::Parse(answer.body));
    for (const auto& [key, id] : page.uploads) {
      // A server that does not know `prefix` lists them all.
      if (!key.starts_with(prefix)) continue;
      S3CallRequest request{
          .verb = S3Verb::kDelete, .key = key, .query = "uploadId=" + S3Encode(id)};
      ARROW_RETURN_NOT_OK(caller_->Restrict({.valid_until = valid_until}, &request));
      const S3CallAnswer gone = caller_->Call(std::move(request));
      if (!gone.error) {
        ++aborted;
      } else if (gone.error->kind != S3Error::Kind::kNotFound) {
        return caller_->ErrorOf(gone, key);
      }
    }
    if (page.is_last) return aborted;
    if (page.next_key.empty() || (page.next_key == from_key && page.next_id == from_id)) {
      return Status::IOError("the store's listing of uploads goes round in a circle: ",
                             ShownUri(caller_->UriOf(prefix)));
    }
    from_key = page.next_key;
    from_id = page.next_id;
  }
}

S3RequestCounts S3ObjectWriter::counts() const {
  return {caller_->sent(S3Verb::kGet),  caller_->sent(S3Verb::kHead),
          caller_->sent(S3Verb::kList), caller_->sent(S3Verb::kPut),
          caller_->sent(S3Verb::kPost), caller_->sent(S3Verb::kDelete)};
}

}  // namespace pomona
