#include "pomona/source/s3/listing.h"

#include <chrono>
#include <future>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "pomona/shown_text.h"
#include "pomona/source/hidden_name.h"
#include "pomona/source/one_file_listing.h"
#include "pomona/source/s3/page.h"
#include "pomona/storage/s3/encoding.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int kS3Page = 1000;  // the most that S3 gives
// Of a page: a thousand keys of 1,024 bytes, each of them percent-encoded, take 4 MiB.
constexpr int64_t kMaxPageBytes = int64_t{32} << 20;
// A stop token cannot wake a waiter (it is set by signal handlers): look at it this often.
constexpr std::chrono::milliseconds kStopPoll{50};

std::string Query(const std::string& prefix, const std::string& token, int page) {
  std::string query;
  if (!token.empty()) query.append("continuation-token=").append(S3Encode(token)).append("&");
  query.append("encoding-type=url&list-type=2&max-keys=").append(std::to_string(page));
  return query.append("&prefix=").append(S3Encode(prefix));
}

class S3Listing : public Listing {
 public:
  S3Listing(std::shared_ptr<S3Client> client, std::string bucket, std::string prefix,
            arrow::StopToken stop)
      : client_(std::move(client)),
        bucket_(std::move(bucket)),
        prefix_(std::move(prefix)),
        uri_(Uri{Scheme::kS3, "s3a", bucket_, ""}.ToString() + "/"),
        stop_(std::move(stop)) {}

  // Gets the first page. False: nothing has this prefix.
  Result<bool> Start() {
    Request("");
    ARROW_ASSIGN_OR_RAISE(const S3Page page, Receive());
    const bool found = !page.objects.empty() || !page.continuation_token.empty();
    ARROW_ASSIGN_OR_RAISE(first_, Take(page));
    return found;
  }

  Result<std::vector<ListedFile>> Next() override {
    std::vector<ListedFile> refs = std::exchange(first_, {});
    // A page may hold nothing but hidden objects.
    while (refs.empty() && pending_.valid()) {
      ARROW_ASSIGN_OR_RAISE(const S3Page page, Receive());
      ARROW_ASSIGN_OR_RAISE(refs, Take(page));
    }
    return refs;
  }

  // The object with the key `prefix` itself.
  Result<std::optional<ListedFile>> One(const std::string& key) {
    pending_ = Send(Query(key, "", 1));
    ARROW_ASSIGN_OR_RAISE(const S3Page page, Receive());
    if (page.objects.empty() || page.objects[0].key != key) return std::nullopt;
    return Ref(page.objects[0]);
  }

 private:
  std::future<S3Response> Send(std::string query) {
    auto promise = std::make_shared<std::promise<S3Response>>();
    client_->Get(S3Request{bucket_, "", std::move(query), std::nullopt, "", kMaxPageBytes},
                 [promise](S3Response response) { promise->set_value(std::move(response)); });
    return promise->get_future();
  }

  void Request(const std::string& token) { pending_ = Send(Query(prefix_, token, kS3Page)); }

  Result<S3Page> Receive() {
    do {
      ARROW_RETURN_NOT_OK(stop_.Poll());
    } while (pending_.wait_for(kStopPoll) != std::future_status::ready);
    const S3Response response = pending_.get();
    if (response.error) return response.error->ForSource(uri_ + prefix_);
    auto page = S3Page::Parse(std::string_view(*response.body));
    if (!page.ok())
      return page.status().WithMessage(page.status().message(), ": ", ShownUri(uri_ + prefix_));
    return page;
  }

  ListedFile Ref(const S3Page::Object& object) const {
    return {uri_ + object.key, object.size, object.mtime_us, object.etag};
  }

  Result<std::vector<ListedFile>> Take(const S3Page& page) {
    if (!page.objects.empty()) tokens_.clear();
    if (!page.continuation_token.empty()) {
      if (page.continuation_token == last_token_ ||
          !tokens_.insert(page.continuation_token).second) {
        return Status::IOError(
            "the store's listing goes round in a circle: ", ShownUri(uri_ + prefix_),
            "\nhint: the server repeats its continuation token");
      }
      last_token_ = page.continuation_token;
      Request(page.continuation_token);
    }
    std::vector<ListedFile> refs;
    refs.reserve(page.objects.size());
    for (const S3Page::Object& object : page.objects) {
      if (!object.key.starts_with(prefix_)) {
        return Status::IOError("the store listed a key outside of the prefix ",
                               ShownUri(uri_ + prefix_), ": ", ShownText(object.key));
      }
      if (!(last_ < object.key) && !last_.empty()) {
        return Status::IOError("the store does not list in byte order: ", ShownText(object.key),
                               " follows ", ShownText(last_),
                               "\nhint: directory buckets (S3 Express) are not supported");
      }
      last_ = object.key;
      if (object.key.ends_with('/')) continue;
      if (IsHiddenPath(std::string_view(object.key).substr(prefix_.size()))) continue;
      refs.push_back(Ref(object));
    }
    return refs;
  }

  const std::shared_ptr<S3Client> client_;
  const std::string bucket_;
  const std::string prefix_;
  const std::string uri_;  // of the bucket, with a slash
  const arrow::StopToken stop_;
  std::string last_;
  std::string last_token_;
  std::set<std::string> tokens_;  // of pages without objects, since the last one that had some
  std::vector<ListedFile> first_;
  std::future<S3Response> pending_;  // valid: a page is on its way
};

}  // namespace

Result<std::unique_ptr<Listing>> OpenS3Listing(std::shared_ptr<S3Client> client,
                                               const std::string& bucket, const std::string& prefix,
                                               arrow::StopToken stop) {
  std::string folder = prefix;
  if (!folder.empty() && !folder.ends_with('/')) folder += '/';
  auto listing = std::make_unique<S3Listing>(std::move(client), bucket, folder, std::move(stop));
  ARROW_ASSIGN_OR_RAISE(const bool found, listing->Start());
  if (found || prefix.empty()) return listing;
  if (!prefix.ends_with('/')) {
    ARROW_ASSIGN_OR_RAISE(auto ref, listing->One(prefix));
    if (ref) return std::make_unique<OneFileListing>(*std::move(ref));
  }
  return Status::IOError(kSourceMissing,
                         ShownUri(Uri{Scheme::kS3, "s3a", bucket, prefix}.ToString()),
                         "\nhint: the bucket is there, but no object has this prefix");
}

}  // namespace pomona
