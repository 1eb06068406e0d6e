#include "pomona/source/s3/transfer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "pomona/source/encoded_buffer.h"
#include "pomona/source/source.h"
#include "pomona/storage/etag.h"
#include "pomona/storage/s3/signer.h"

namespace pomona {
namespace {

using std::chrono::milliseconds;

constexpr size_t kMaxErrorBody = 64 * 1024;

}  // namespace

S3Transfer::S3Transfer(S3Session* session, FetchCounts* counts, S3Request request, S3Done done)
    : session_(*session),
      counts_(*counts),
      request_(std::move(request)),
      done_(std::move(done)),
      retry_(session, request_.bucket) {}

bool S3Transfer::Begin(CURL* easy) {
  const auto address = session_.AddressOf(request_.bucket);
  if (!address.ok()) {
    error_ = S3Error{S3Error::Kind::kOther, "Invalid", address.status().message(), ""};
    return false;
  }
  ResetTry();
  Describe(**address, easy);
  if (request_.IsObject()) counts_.requests.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void S3Transfer::OnHeader(std::string_view line) { head_.Read(line); }

bool S3Transfer::OnBody(const char* data, size_t size) {
  if (head_.status != 200) {
    text_.append(data, std::min(size, kMaxErrorBody - text_.size()));
    enough_ = text_.size() == kMaxErrorBody;
    return !enough_;
  }
  // Known from the head of the answer: nothing of the body is worth reading.
  if (IsChanged()) return false;
  const auto whole = BodySize();
  too_large_ =
      std::max(whole.value_or(0), static_cast<int64_t>(text_.size() + size)) > request_.most_bytes;
  if (too_large_) return false;
  if (!whole) {
    text_.append(data, size);
    return true;
  }
  if ((body_ == nullptr || body_->size() != *whole) && !Allocate(*whole)) return false;
  if (have_ + static_cast<int64_t>(size) > *whole) {
    change_ = "longer than the " + std::to_string(*whole) + " bytes listed";
    return false;
  }
  std::memcpy(body_->mutable_data() + have_, data, size);
  have_ += static_cast<int64_t>(size);
  return true;
}

std::optional<milliseconds> S3Transfer::End(CURL*, CURLcode code) {
  if (head_.status != 0) session_.reached.store(true, std::memory_order_relaxed);
  error_ = Judge(code);
  if (!error_) {
    S3Response response{std::nullopt, TakeBody()};
    if (request_.IsObject()) {
      counts_.bytes.fetch_add(response.body->size(), std::memory_order_relaxed);
    }
    done_(std::move(response));
    return std::nullopt;
  }
  const auto delay = retry_.DelayAfter(*error_);
  if (!delay) {
    GiveUp();
    return std::nullopt;
  }
  if (request_.IsObject()) counts_.retries.fetch_add(1, std::memory_order_relaxed);
  return delay;
}

void S3Transfer::GiveUp() {
  if (!error_) error_ = S3Error{S3Error::Kind::kOther, "given up", "", ""};
  done_({std::move(error_), nullptr});
}

void S3Transfer::ResetTry() {
  head_.Clear();
  have_ = 0;
  text_.clear();
  change_.clear();
  no_memory_ = false;
  too_large_ = false;
  enough_ = false;
  error_.reset();
}

void S3Transfer::Describe(const S3Address& address, CURL* easy) {
  const std::string path = address.PathOf(request_.key);
  std::string url = address.base_url + path;
  if (!request_.query.empty()) url.append("?").append(request_.query);

  headers_.Clear();
  headers_.Add() = "Accept:";  // "*/*" says nothing
  const auto credentials = session_.credentials->Get();
  if (credentials != nullptr) {
    S3Signer::Request signed_part;
    signed_part.path = path;
    signed_part.query = request_.query;
    session_.SignInHead(std::move(signed_part), address, *credentials, &headers_);
  }
  retry_.Began(address.region, credentials);
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.Link());
}

std::optional<int64_t> S3Transfer::BodySize() const {
  if (request_.expected_size || head_.length < 0) return request_.expected_size;
  return head_.length;
}

bool S3Transfer::Allocate(int64_t size) {
  auto allocated = AllocateEncoded(size);
  no_memory_ = !allocated.ok();
  if (!no_memory_) body_ = std::move(allocated).ValueUnsafe();
  return !no_memory_;
}

bool S3Transfer::IsChanged() {
  const std::string_view expected = OpaqueETag(request_.expected_etag);
  if (change_.empty() && !expected.empty() && !head_.etag.empty() && head_.etag != expected) {
    change_.append("ETag is ").append(head_.etag).append(", was ").append(expected);
  }
  if (change_.empty() && request_.expected_size && head_.length >= 0 &&
      head_.length != *request_.expected_size) {
    change_ = "size is " + std::to_string(head_.length) + ", was " +
              std::to_string(*request_.expected_size);
  }
  return !change_.empty();
}

std::optional<S3Error> S3Transfer::Judge(CURLcode code) {
  if (head_.status == 200) {
    if (IsChanged()) return S3Error::Changed(change_);
    if (too_large_) {
      return S3Error::TooLarge(
          TooManyBytes(BodySize().value_or(kUnknownSize), request_.most_bytes).message());
    }
    if (no_memory_) {
      return S3Error{S3Error::Kind::kOther, "no memory",
                     std::to_string(BodySize().value_or(0)) + " bytes", ""};
    }
    if (code == CURLE_OK && request_.expected_size && have_ != *request_.expected_size) {
      // No Content-Length in the answer, so its end was taken for the object's.
      return S3Error::FromCurl(CURLE_PARTIAL_FILE);
    }
  }
  if (code != CURLE_OK && !enough_) return S3Error::FromCurl(code);
  if (head_.status == 200) return std::nullopt;
  return S3Error::FromAnswer(head_.status, text_, head_.region);
}

std::shared_ptr<arrow::Buffer> S3Transfer::TakeBody() {
  if (!BodySize()) return arrow::Buffer::FromString(std::move(text_));
  if (have_ == 0 && !Allocate(0)) return std::make_shared<arrow::Buffer>(nullptr, 0);
  return std::move(body_);
}

}  // namespace pomona
