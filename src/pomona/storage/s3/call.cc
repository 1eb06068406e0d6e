#include "pomona/storage/s3/call.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "pomona/base/sha256.h"
#include "pomona/storage/s3/signer.h"

namespace pomona {
namespace {

// Of an answer that is kept: a listing of a thousand keys of 1,024 bytes, percent-encoded, takes
// 4 MiB.
constexpr size_t kMostAnswer = size_t{32} << 20;
// libcurl sends a body that is at hand together with the head, in one system call where both fit
// into a record of TLS (16 KiB). Larger ones it asks for piece by piece, and each piece is a chance
// to see that the deadline has passed.
constexpr int64_t kAtHand = int64_t{8} << 10;
// AWS takes no signature that is good for longer than a week.
constexpr std::chrono::seconds kLongestLife{7 * 24 * 3600};

std::string_view MethodOf(S3Verb verb) {
  switch (verb) {
    case S3Verb::kHead:
      return "HEAD";
    case S3Verb::kPut:
      return "PUT";
    case S3Verb::kPost:
      return "POST";
    case S3Verb::kDelete:
      return "DELETE";
    default:
      return "GET";
  }
}

bool HasBody(S3Verb verb) { return verb == S3Verb::kPut || verb == S3Verb::kPost; }

std::string PayloadHash(const S3CallRequest& request) {
  if (request.body == nullptr) return std::string(S3Signer::kEmptyPayload);
  return ToHex(request.body_sha256);
}

std::optional<std::chrono::sys_seconds> WholeSeconds(std::optional<StoreClock::Time> time) {
  if (!time) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(*time);
}

}  // namespace

S3Call::S3Call(S3CallShared* shared, S3CallRequest request, Done done)
    : shared_(*shared),
      request_(std::move(request)),
      done_(std::move(done)),
      valid_until_(WholeSeconds(request_.valid_until)),
      retry_(shared->session, shared->bucket) {}

bool S3Call::Begin(CURL* easy) {
  const auto address = shared_.session->AddressOf(shared_.bucket);
  if (!address.ok()) {
    answer_.error = S3Error{S3Error::Kind::kOther, "Invalid", address.status().message(), ""};
    return false;
  }
  answer_.too_late = IsLate();
  if (answer_.too_late) return false;
  ResetTry();
  const auto credentials = shared_.session->credentials->Get();
  retry_.Began((*address)->region, credentials);
  const std::string url = Sign(**address, credentials.get());
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.Link());
  Describe(easy);
  return true;
}

void S3Call::ResetTry() {
  headers_.Clear();
  answer_.head.Clear();
  answer_.body.clear();
  checksum_.reset();
  if (request_.checksum_piece) checksum_.emplace(*request_.checksum_piece);
  body_sent_ = 0;
  sent_ = false;
  sent_again_ = false;
}

std::string S3Call::Sign(const S3Address& address, const S3Credentials* credentials) {
  headers_.Add() = "Accept:";                              // "*/*" says nothing
  if (HasBody(request_.verb)) headers_.Add() = "Expect:";  // that would cost a round trip
  const std::string path = address.PathOf(request_.key);
  S3Signer::Request signed_part;
  signed_part.method = MethodOf(request_.verb);
  signed_part.path = path;
  signed_part.query = request_.query;
  for (const auto& [name, value] : request_.headers) signed_part.headers.emplace_back(name, value);
  const std::string payload_hash = PayloadHash(request_);
  signed_part.payload_hash = payload_hash;

  std::string query = request_.query;
  if (credentials == nullptr) {
    for (const auto& [name, value] : request_.headers) {
      headers_.Add().append(name).append(": ").append(value);
    }
  } else if (valid_until_) {
    // The clock is never ahead of the store's, so that the store does not take the request for one
    // of the future; a second at least is what a signature can be good for.
    const auto now = std::chrono::floor<std::chrono::seconds>(*shared_.clock.Now());
    const auto from = std::min(now, *valid_until_ - std::chrono::seconds(1));
    query = shared_.session->SignInQuery(
        std::move(signed_part), address, *credentials,
        S3Signer::FormatTime(std::chrono::system_clock::to_time_t(from)),
        std::min(*valid_until_ - from, kLongestLife).count(), &headers_);
  } else {
    shared_.session->SignInHead(std::move(signed_part), address, *credentials, &headers_);
  }
  return address.base_url + path + (query.empty() ? "" : "?" + query);
}

void S3Call::Describe(CURL* easy) {
  // Handles are used again, so that each option is set by every call.
  const std::string_view method = MethodOf(request_.verb);
  curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST,
                   method == "GET" || method == "HEAD" ? nullptr : method.data());
  if (request_.verb == S3Verb::kHead) curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (HasBody(request_.verb)) {
    const int64_t size = request_.body == nullptr ? 0 : request_.body->size();
    const char* at_hand = size == 0 ? "" : reinterpret_cast<const char*>(request_.body->data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, size <= kAtHand ? at_hand : nullptr);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(size));
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, OnRead);
    curl_easy_setopt(easy, CURLOPT_READDATA, this);
  }
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, OnSend);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
  // To put an upload together may take a store longer than a connection may else be silent.
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, request_.verb == S3Verb::kPost ? 0L : 1L);
}

// There is a connection, and the request goes out next.
int S3Call::OnSend(void* self, char*, char*, int, int) {
  auto& call = *static_cast<S3Call*>(self);
  // Where a connection that it used again breaks, libcurl sends the request once more by itself.
  // But then its first sending may have had its effect, of which we must know.
  call.sent_again_ = call.sent_;
  call.answer_.too_late = call.IsLate();
  if (call.sent_again_ || call.answer_.too_late) return CURL_PREREQFUNC_ABORT;
  call.sent_ = true;
  call.sent_at_ = StoreClock::Monotonic();
  call.shared_.sent[static_cast<size_t>(call.request_.verb)].fetch_add(1,
                                                                       std::memory_order_relaxed);
  return CURL_PREREQFUNC_OK;
}

size_t S3Call::OnRead(char* to, size_t, size_t room, void* self) {
  auto& call = *static_cast<S3Call*>(self);
  call.answer_.too_late = call.IsLate();
  if (call.answer_.too_late) return CURL_READFUNC_ABORT;
  const auto left = static_cast<size_t>(call.request_.body->size() - call.body_sent_);
  const size_t size = std::min(room, left);
  std::memcpy(to, call.request_.body->data() + call.body_sent_, size);
  call.body_sent_ += static_cast<int64_t>(size);
  return size;
}

bool S3Call::IsLate(std::chrono::milliseconds ahead) const {
  if (!valid_until_) return false;
  const auto now = shared_.clock.Now();
  return !now || *now + ahead >= *valid_until_;
}

void S3Call::OnHeader(std::string_view line) {
  answer_.head.Read(line);
  if (!line.empty() || answer_.head.date.empty()) return;
  const std::time_t date = curl_getdate(answer_.head.date.c_str(), nullptr);
  if (date >= 0) shared_.clock.Saw(date, sent_at_, StoreClock::Monotonic());
}

bool S3Call::OnBody(const char* data, size_t size) {
  if (checksum_ && answer_.head.status < 300) {
    checksum_->Update({data, size});
    return true;
  }
  if (answer_.body.size() + size > kMostAnswer) return false;
  answer_.body.append(data, size);
  return true;
}

std::optional<std::chrono::milliseconds> S3Call::End(CURL*, CURLcode code) {
  if (answer_.head.status != 0) shared_.session->reached.store(true, std::memory_order_relaxed);
  answer_.error = Judge(code);
  if (!answer_.error) {
    if (checksum_) answer_.body = checksum_->Value();
    answer_.too_late = false;
    done_(std::move(answer_));
    return std::nullopt;
  }
  answer_.may_be_done =
      answer_.may_be_done || (sent_ && (answer_.head.status == 0 || answer_.error->MayPass()));
  const bool changes = request_.verb == S3Verb::kPut || request_.verb == S3Verb::kPost ||
                       request_.verb == S3Verb::kDelete;
  if (changes && sent_ && answer_.head.status == 0) shared_.answer_lost = true;
  auto delay = retry_.DelayAfter(*answer_.error);
  const bool refused = answer_.error->kind == S3Error::Kind::kForbidden;
  if ((delay && IsLate(*delay)) || (refused && IsLate())) answer_.too_late = true;
  if (answer_.too_late || !delay) {
    GiveUp();
    return std::nullopt;
  }
  return delay;
}

std::optional<S3Error> S3Call::Judge(CURLcode code) const {
  const S3AnswerHead& head = answer_.head;
  if (sent_again_) return S3Error{S3Error::Kind::kUnavailable, "the connection broke", "", ""};
  if (head.status >= 300) return S3Error::FromAnswer(head.status, answer_.body, head.region);
  if (code != CURLE_OK) return S3Error::FromCurl(code);
  // An upload that cannot be put together is told after the head, which said that all is well
  // ("CompleteMultipartUpload" in the S3 API reference).
  if (request_.verb == S3Verb::kPost && answer_.body.find("<Error>") != std::string::npos) {
    return S3Error::FromAnswer(500, answer_.body, head.region);
  }
  return std::nullopt;
}

void S3Call::GiveUp() {
  if (!answer_.error) answer_.error = S3Error{S3Error::Kind::kOther, "not sent", "", ""};
  done_(std::move(answer_));
}

}  // namespace pomona
