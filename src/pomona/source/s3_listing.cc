#include "pomona/source/s3_listing.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <pugixml.hpp>
#include <utility>

#include "pomona/source/hidden_name.h"
#include "pomona/source/s3_encoding.h"
#include "pomona/source/uri.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int kPage = 1000;  // the most that S3 gives

std::string Query(const std::string& prefix, const std::string& token, int page) {
  std::string query;
  if (!token.empty()) query.append("continuation-token=").append(S3Encode(token)).append("&");
  query.append("encoding-type=url&list-type=2&max-keys=").append(std::to_string(page));
  return query.append("&prefix=").append(S3Encode(prefix));
}

class S3Listing : public Listing {
 public:
  S3Listing(std::shared_ptr<S3Client> client, std::string bucket, std::string prefix)
      : client_(std::move(client)),
        bucket_(std::move(bucket)),
        prefix_(std::move(prefix)),
        uri_(Uri{Scheme::kS3, "s3a", bucket_, ""}.ToString() + "/") {}

  // Gets the first page. False: nothing has this prefix.
  Result<bool> Start() {
    Request("");
    ARROW_ASSIGN_OR_RAISE(const S3Page page, Receive());
    const bool found = !page.objects.empty() || !page.continuation_token.empty();
    ARROW_ASSIGN_OR_RAISE(first_, Take(page));
    return found;
  }

  Result<std::vector<ImageRef>> Next() override {
    std::vector<ImageRef> refs = std::exchange(first_, {});
    // A page may hold nothing but hidden objects.
    while (refs.empty() && pending_.valid()) {
      ARROW_ASSIGN_OR_RAISE(const S3Page page, Receive());
      ARROW_ASSIGN_OR_RAISE(refs, Take(page));
    }
    return refs;
  }

  // The object with the key `prefix` itself.
  Result<std::vector<ImageRef>> One(const std::string& key) {
    pending_ = Send(Query(key, "", 1));
    ARROW_ASSIGN_OR_RAISE(const S3Page page, Receive());
    std::vector<ImageRef> refs;
    if (!page.objects.empty() && page.objects[0].key == key) refs.push_back(Ref(page.objects[0]));
    return refs;
  }

 private:
  std::future<S3Response> Send(std::string query) {
    auto promise = std::make_shared<std::promise<S3Response>>();
    client_->Get(S3Request{bucket_, "", std::move(query), std::nullopt, ""},
                 [promise](S3Response response) { promise->set_value(std::move(response)); });
    return promise->get_future();
  }

  void Request(const std::string& token) { pending_ = Send(Query(prefix_, token, kPage)); }

  Result<S3Page> Receive() {
    const S3Response response = pending_.get();
    if (response.error) return response.error->ForSource(uri_ + prefix_);
    auto page = S3Page::Parse(std::string_view(*response.body));
    if (!page.ok()) return page.status().WithMessage(page.status().message(), ": ", uri_);
    return page;
  }

  ImageRef Ref(const S3Page::Object& object) const {
    return {uri_ + object.key, object.size, object.mtime_us, object.etag};
  }

  Result<std::vector<ImageRef>> Take(const S3Page& page) {
    if (!page.continuation_token.empty()) Request(page.continuation_token);
    std::vector<ImageRef> refs;
    refs.reserve(page.objects.size());
    for (const S3Page::Object& object : page.objects) {
      if (!object.key.starts_with(prefix_)) {
        return Status::IOError("the store listed a key outside of the prefix: ", uri_, object.key);
      }
      if (!(last_ < object.key) && !last_.empty()) {
        return Status::IOError("the store does not list in byte order: ", object.key, " follows ",
                               last_, "\nhint: directory buckets (S3 Express) are not supported");
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
  std::string last_;
  std::vector<ImageRef> first_;
  std::future<S3Response> pending_;  // valid: a page is on its way
};

class OneObject : public Listing {
 public:
  explicit OneObject(std::vector<ImageRef> page) : page_(std::move(page)) {}
  Result<std::vector<ImageRef>> Next() override { return std::exchange(page_, {}); }

 private:
  std::vector<ImageRef> page_;
};

std::string Unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

}  // namespace

int64_t ParseS3Time(const std::string& text) {
  int year, month, day, hour, minute;
  double second;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%lfZ", &year, &month, &day, &hour, &minute,
                  &second) != 6) {
    return 0;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return 0;
  const auto midnight = std::chrono::sys_days(date).time_since_epoch();
  return std::chrono::microseconds(midnight).count() + (hour * 60 + minute) * 60'000'000LL +
         static_cast<int64_t>(second * 1e6 + 0.5);
}

Result<S3Page> S3Page::Parse(std::string_view xml) {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(xml.data(), xml.size());
  const pugi::xml_node root = document.child("ListBucketResult");
  if (!parsed || !root) return Status::IOError("not an answer of an S3 listing");
  const bool encoded = std::string_view(root.child_value("EncodingType")) == "url";
  S3Page page;
  for (pugi::xml_node node : root.children("Contents")) {
    Object object;
    object.key = node.child_value("Key");
    if (encoded) object.key = S3Decode(object.key);
    object.size = std::strtoll(node.child_value("Size"), nullptr, 10);
    object.mtime_us = ParseS3Time(node.child_value("LastModified"));
    object.etag = Unquoted(node.child_value("ETag"));
    page.objects.push_back(std::move(object));
  }
  if (std::string_view(root.child_value("IsTruncated")) == "true") {
    page.continuation_token = root.child_value("NextContinuationToken");
    if (page.continuation_token.empty()) {
      return Status::IOError("an S3 listing breaks off without a continuation token");
    }
  }
  return page;
}

Result<std::unique_ptr<Listing>> OpenS3Listing(std::shared_ptr<S3Client> client,
                                               const std::string& bucket,
                                               const std::string& prefix) {
  std::string folder = prefix;
  if (!folder.empty() && !folder.ends_with('/')) folder += '/';
  auto listing = std::make_unique<S3Listing>(std::move(client), bucket, folder);
  ARROW_ASSIGN_OR_RAISE(const bool found, listing->Start());
  if (found || prefix.empty()) return listing;
  if (!prefix.ends_with('/')) {
    ARROW_ASSIGN_OR_RAISE(auto refs, listing->One(prefix));
    if (!refs.empty()) return std::make_unique<OneObject>(std::move(refs));
  }
  return Status::IOError(kSourceMissing, Uri{Scheme::kS3, "s3a", bucket, prefix}.ToString(),
                         "\nhint: the bucket is there, but no object has this prefix");
}

}  // namespace pomona
