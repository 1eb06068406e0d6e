#include "pomona/storage/s3/caller.h"

#include <future>
#include <utility>

#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

// Pieces of two uploads, and what a lease and a commit have to say meanwhile.
constexpr int kWriterConnections = 8;

bool IsComposite(const std::string& checksum) { return checksum.find('-') != std::string::npos; }

}  // namespace

S3Caller::S3Caller(std::unique_ptr<S3Connection> connection, std::string bucket)
    : shared_{&connection->session, std::move(bucket)}, connection_(std::move(connection)) {}

Result<std::shared_ptr<S3Caller>> S3Caller::Open(const StorageOptions& storage,
                                                 std::string bucket) {
  ARROW_ASSIGN_OR_RAISE(auto connection, S3Connection::Open(storage, kWriterConnections));
  ARROW_RETURN_NOT_OK(connection->session.AddressOf(bucket));  // whether that is a bucket's name
  return std::make_shared<S3Caller>(std::move(connection), std::move(bucket));
}

void S3Caller::Send(S3CallRequest request, S3Call::Done done) {
  connection_->loop->Submit(
      std::make_unique<S3Call>(&shared_, std::move(request), std::move(done)));
}

S3CallAnswer S3Caller::Call(S3CallRequest request) {
  // Shared, as it is still in use there when it has woken this thread.
  auto promise = std::make_shared<std::promise<S3CallAnswer>>();
  auto answer = promise->get_future();
  Send(std::move(request), [promise](S3CallAnswer got) { promise->set_value(std::move(got)); });
  return answer.get();
}

Result<StoreClock::Time> S3Caller::Now() {
  if (const auto now = clock().Now()) return *now;
  // Whatever it answers, a refusal too, says the time.
  const S3CallAnswer answer = Call({.verb = S3Verb::kHead, .key = "", .query = ""});
  if (const auto now = clock().Now()) return *now;
  if (answer.error) return ErrorOf(answer, "");
  return Status::IOError("the S3 server of ", ShownUri(UriOf("")), " does not say what time it is");
}

Status S3Caller::CheckDeadline(const std::optional<StoreClock::Time>& valid_until) {
  if (!valid_until) return Status::OK();
  if (connection_->session.storage.s3_anonymous) {
    return Status::Invalid("a request that is not signed has no deadline that a store would keep",
                           "\nhint: leave out option `s3_anonymous`");
  }
  return Now().status();
}

Status S3Caller::Restrict(const S3WriteOptions& options, S3CallRequest* request) {
  ARROW_RETURN_NOT_OK(CheckDeadline(options.valid_until));
  request->valid_until = options.valid_until;
  if (options.only_new) request->headers.emplace_back("if-none-match", "*");
  return Status::OK();
}

Result<bool> S3Caller::TookPlace(const S3CallAnswer& answer, const std::string& told_checksum,
                                 const S3Contents& contents, bool only_new) {
  if (!answer.error) {
    if (told_checksum.empty() || told_checksum == contents.checksum) return true;
    return OtherBytes(contents.key, told_checksum, contents.checksum);
  }
  const bool was_there = only_new && answer.head.status == 412;
  if (answer.may_be_done) {
    const auto holds = Holds(contents);
    if (holds.ok() && *holds) return true;
    if (was_there) ARROW_RETURN_NOT_OK(holds);
  }
  if (was_there) return false;
  return ErrorOf(answer, contents.key);
}

Result<bool> S3Caller::Holds(const S3Contents& contents) {
  const S3CallAnswer head = Call({.verb = S3Verb::kHead,
                                  .key = contents.key,
                                  .query = "",
                                  .headers = {{"x-amz-checksum-mode", "ENABLED"}}});
  if (head.error && head.error->kind == S3Error::Kind::kNotFound) return false;
  if (head.error) return ErrorOf(head, contents.key);
  if (head.head.length != contents.size) return false;
  const std::string& told = head.head.checksum;
  if (!told.empty() && IsComposite(told) == IsComposite(contents.checksum)) {
    return told == contents.checksum;
  }
  const S3CallAnswer bytes = Call(
      {.verb = S3Verb::kGet, .key = contents.key, .query = "", .checksum_piece = contents.piece});
  if (bytes.error && bytes.error->kind == S3Error::Kind::kNotFound) return false;
  if (bytes.error) return ErrorOf(bytes, contents.key);
  return bytes.body == contents.checksum;
}

Status S3Caller::OtherBytes(const std::string& key, const std::string& told_checksum,
                            const std::string& checksum) const {
  return Status::IOError("the S3 server has other bytes than were sent: ", ShownUri(UriOf(key)),
                         ": their SHA-256 is ", ShownText(told_checksum), ", not ", checksum);
}

Status S3Caller::ErrorOf(const S3CallAnswer& answer, const std::string& key) const {
  if (answer.too_late) {
    return Status::IOError("the request came too late for ", ShownUri(UriOf(key)), ": ",
                           answer.error->code);
  }
  return answer.error->ForOutput(UriOf(key));
}

std::string S3Caller::UriOf(const std::string& key) const {
  return Uri{Scheme::kS3, "s3a", shared_.bucket, key}.ToString();
}

}  // namespace pomona
