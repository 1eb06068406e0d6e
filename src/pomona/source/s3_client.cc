#include "pomona/source/s3_client.h"

#include <curl/curl.h>

#include <array>
#include <atomic>
#include <cstring>
#include <ctime>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "pomona/source/backoff.h"
#include "pomona/source/fetch_counts.h"
#include "pomona/source/s3_address.h"
#include "pomona/source/s3_credentials.h"
#include "pomona/source/s3_encoding.h"
#include "pomona/source/s3_signer.h"
#include "pomona/source/transfer_loop.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

// A wrong endpoint is to be seen at once, not after the whole of a patient back-off.
constexpr int kMaxConnectsUnreached = 3;
constexpr int kMaxRegionChanges = 3;
constexpr size_t kMaxErrorBody = 64 * 1024;

// What the requests of one client share. Only the loop's thread uses it, but for the counts.
class Context {
 public:
  Context(const StorageOptions& storage, S3Settings settings,
          std::unique_ptr<S3CredentialSource> credentials)
      : storage(storage), credentials(std::move(credentials)), settings_(std::move(settings)) {}

  Result<const S3Address*> AddressOf(const std::string& bucket) {
    const auto known = addresses_.find(bucket);
    if (known != addresses_.end()) return &known->second;
    ARROW_ASSIGN_OR_RAISE(S3Address address, FindS3Address(settings_, bucket, settings_.region));
    return &addresses_.emplace(bucket, std::move(address)).first->second;
  }

  /// The bucket turned out to be in `region`.
  void Move(const std::string& bucket, const std::string& region) {
    auto address = FindS3Address(settings_, bucket, region);
    if (address.ok()) addresses_[bucket] = std::move(*address);
  }

  /// Now, as signatures want it.
  const std::string& Timestamp() {
    const std::time_t now = std::time(nullptr);
    if (now != timestamp_of_) {
      timestamp_of_ = now;
      timestamp_ = S3Signer::FormatTime(now);
    }
    return timestamp_;
  }

  const StorageOptions storage;
  const std::unique_ptr<S3CredentialSource> credentials;
  S3Signer signer;
  FetchCounts counts;
  std::atomic<bool> reached{false};

 private:
  const S3Settings settings_;
  std::unordered_map<std::string, S3Address> addresses_;
  std::time_t timestamp_of_ = 0;
  std::string timestamp_;
};

bool StartsWithIgnoringCase(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && strncasecmp(text.data(), lower.data(), lower.size()) == 0;
}

// A list of header lines for libcurl over strings that live here: nothing is allocated or
// copied for it, unlike by curl_slist_append.
class HeaderList {
 public:
  void Clear() { size_ = 0; }
  std::string& Add() {
    lines_[size_].clear();
    return lines_[size_++];
  }
  curl_slist* Link() {
    for (size_t i = 0; i < size_; ++i) {
      nodes_[i].data = lines_[i].data();
      nodes_[i].next = i + 1 < size_ ? &nodes_[i + 1] : nullptr;
    }
    return nodes_.data();
  }

 private:
  static constexpr size_t kMax = 5;
  std::array<std::string, kMax> lines_;
  std::array<curl_slist, kMax> nodes_{};
  size_t size_ = 0;
};

class S3Transfer : public Transfer {
 public:
  S3Transfer(Context* context, S3Request request, S3Client::Done done)
      : context_(*context), request_(std::move(request)), done_(std::move(done)) {}

  bool Begin(CURL* easy) override {
    const auto address = context_.AddressOf(request_.bucket);
    if (!address.ok()) {
      error_ = S3Error{S3Error::Kind::kOther, "Invalid", address.status().message(), ""};
      return false;
    }
    ResetTry();
    region_ = (*address)->region;
    Describe(**address, easy);
    if (IsObject()) context_.counts.requests.fetch_add(1, std::memory_order_relaxed);
    return true;
  }

  void OnHeader(std::string_view line) override {
    constexpr std::string_view kStatus = "http/1.", kETag = "etag:", kLength = "content-length:",
                               kRegion = "x-amz-bucket-region:";
    if (line.empty()) return;
    switch (line[0] | 0x20) {
      case 'h':
        // "HTTP/1.1 200 OK": also starts anew after "100 Continue".
        if (StartsWithIgnoringCase(line, kStatus) && line.size() >= 12) {
          http_status_ = std::strtol(std::string(line.substr(9, 3)).c_str(), nullptr, 10);
        }
        break;
      case 'e':
        if (StartsWithIgnoringCase(line, kETag)) etag_ = Value(line, kETag);
        break;
      case 'c':
        if (StartsWithIgnoringCase(line, kLength)) {
          length_ = std::strtoll(std::string(Value(line, kLength)).c_str(), nullptr, 10);
        }
        break;
      case 'x':
        if (StartsWithIgnoringCase(line, kRegion)) answer_region_ = Value(line, kRegion);
        break;
    }
  }

  bool OnBody(const char* data, size_t size) override {
    if (http_status_ != 200) {
      if (text_.size() < kMaxErrorBody) text_.append(data, size);
      return true;
    }
    // Known from the head of the answer: nothing of the body is worth reading.
    if (IsChanged()) return false;
    const auto whole = BodySize();
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

  std::optional<std::chrono::milliseconds> End(CURL*, CURLcode code) override {
    if (http_status_ != 0) context_.reached.store(true, std::memory_order_relaxed);
    error_ = Judge(code);
    if (!error_) {
      S3Response response{std::nullopt, TakeBody()};
      if (IsObject()) {
        context_.counts.bytes.fetch_add(response.body->size(), std::memory_order_relaxed);
      }
      done_(std::move(response));
      return std::nullopt;
    }
    ++tries_;
    const auto delay = RetryDelay();
    if (!delay) {
      GiveUp();
      return std::nullopt;
    }
    if (IsObject()) context_.counts.retries.fetch_add(1, std::memory_order_relaxed);
    return delay;
  }

  void GiveUp() override { done_({std::move(error_), nullptr}); }

 private:
  bool IsObject() const { return !request_.key.empty(); }

  static std::string_view Value(std::string_view line, std::string_view name) {
    line.remove_prefix(name.size());
    while (line.starts_with(' ') || line.starts_with('"')) line.remove_prefix(1);
    while (line.ends_with(' ') || line.ends_with('"')) line.remove_suffix(1);
    return line;
  }

  void ResetTry() {
    http_status_ = 0;
    length_ = -1;
    have_ = 0;
    etag_.clear();
    answer_region_.clear();
    text_.clear();
    change_.clear();
    no_memory_ = false;
    error_.reset();
  }

  void Describe(const S3Address& address, CURL* easy) {
    std::string path = address.bucket_path;
    if (!request_.key.empty() || path.empty()) path += '/';
    path += S3EncodeKey(request_.key);
    std::string url = address.base_url + path;
    if (!request_.query.empty()) url.append("?").append(request_.query);

    headers_.Clear();
    headers_.Add() = "Accept:";  // "*/*" says nothing
    credentials_ = context_.credentials->Get();
    if (credentials_ != nullptr) Sign(address, path);
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.Link());
  }

  void Sign(const S3Address& address, const std::string& path) {
    const std::string& timestamp = context_.Timestamp();
    S3Signer::Request signed_part;
    signed_part.path = path;
    signed_part.query = request_.query;
    signed_part.headers = {{"host", address.host},
                           {"x-amz-content-sha256", S3Signer::kEmptyPayload},
                           {"x-amz-date", timestamp}};
    headers_.Add().append("x-amz-content-sha256: ").append(S3Signer::kEmptyPayload);
    headers_.Add().append("x-amz-date: ").append(timestamp);
    if (!credentials_->session_token.empty()) {
      signed_part.headers.emplace_back("x-amz-security-token", credentials_->session_token);
      headers_.Add().append("x-amz-security-token: ").append(credentials_->session_token);
    }
    headers_.Add()
        .append("Authorization: ")
        .append(
            context_.signer.Authorization(signed_part, *credentials_, address.region, timestamp));
  }

  /// As listed, else as announced; nullopt if neither.
  std::optional<int64_t> BodySize() const {
    if (request_.expected_size || length_ < 0) return request_.expected_size;
    return length_;
  }

  bool Allocate(int64_t size) {
    auto allocated = arrow::AllocateBuffer(size);
    no_memory_ = !allocated.ok();
    if (!no_memory_) body_ = std::move(allocated).ValueUnsafe();
    return !no_memory_;
  }

  bool IsChanged() {
    if (change_.empty() && !request_.expected_etag.empty() && !etag_.empty() &&
        etag_ != request_.expected_etag) {
      change_ = "ETag is " + etag_ + ", was " + request_.expected_etag;
    }
    if (change_.empty() && request_.expected_size && length_ >= 0 &&
        length_ != *request_.expected_size) {
      change_ =
          "size is " + std::to_string(length_) + ", was " + std::to_string(*request_.expected_size);
    }
    return !change_.empty();
  }

  std::optional<S3Error> Judge(CURLcode code) {
    if (http_status_ == 200) {
      if (IsChanged()) return S3Error::Changed(change_);
      if (no_memory_) {
        return S3Error{S3Error::Kind::kOther, "no memory",
                       std::to_string(BodySize().value_or(0)) + " bytes", ""};
      }
      if (code == CURLE_OK && request_.expected_size && have_ != *request_.expected_size) {
        // No Content-Length in the answer, so its end was taken for the object's.
        return S3Error::FromCurl(CURLE_PARTIAL_FILE);
      }
    }
    if (code != CURLE_OK) return S3Error::FromCurl(code);
    if (http_status_ == 200) return std::nullopt;
    return S3Error::FromAnswer(http_status_, text_, answer_region_);
  }

  std::shared_ptr<arrow::Buffer> TakeBody() {
    if (!BodySize()) return arrow::Buffer::FromString(std::move(text_));
    if (have_ == 0 && !Allocate(0)) return std::make_shared<arrow::Buffer>(nullptr, 0);
    return std::move(body_);
  }

  std::optional<std::chrono::milliseconds> RetryDelay() {
    using std::chrono::milliseconds;
    if (error_->kind == S3Error::Kind::kRegion) {
      // Another request may have moved the bucket while this one was under way.
      const auto address = context_.AddressOf(request_.bucket);
      if (address.ok() && (*address)->region == region_) {
        if (error_->region == region_ || ++region_changes_ > kMaxRegionChanges) {
          return std::nullopt;
        }
        context_.Move(request_.bucket, error_->region);
      }
      return tries_ < context_.storage.max_attempts ? std::optional(milliseconds(0)) : std::nullopt;
    }
    if (tries_ >= context_.storage.max_attempts) return std::nullopt;
    if (error_->kind == S3Error::Kind::kExpired || error_->kind == S3Error::Kind::kCredentials) {
      if (credentials_ == nullptr) return std::nullopt;
      switch (context_.credentials->Renew(credentials_)) {
        case S3CredentialSource::Renewal::kRenewed:
          return milliseconds(0);
        case S3CredentialSource::Renewal::kPending:
          return BackoffDelay(context_.storage, tries_);
        case S3CredentialSource::Renewal::kSame:
          return std::nullopt;
      }
    }
    if (!error_->MayPass()) return std::nullopt;
    if (error_->kind == S3Error::Kind::kUnreachable &&
        !context_.reached.load(std::memory_order_relaxed) && tries_ >= kMaxConnectsUnreached) {
      return std::nullopt;
    }
    return BackoffDelay(context_.storage, tries_);
  }

  Context& context_;
  const S3Request request_;
  const S3Client::Done done_;

  // Of this try.
  HeaderList headers_;
  std::shared_ptr<const S3Credentials> credentials_;
  std::string region_;
  long http_status_ = 0;
  int64_t length_ = -1;
  std::string etag_;
  std::string answer_region_;
  std::string change_;
  bool no_memory_ = false;
  std::string text_;  // an error's body, or one of a length that is not announced
  int64_t have_ = 0;

  std::shared_ptr<arrow::Buffer> body_;  // kept from try to try
  std::optional<S3Error> error_;
  int tries_ = 0;
  int region_changes_ = 0;
};

}  // namespace

class S3Client::Impl {
 public:
  Impl(const StorageOptions& storage, S3Settings settings,
       std::unique_ptr<S3CredentialSource> credentials)
      : context_(storage, std::move(settings), std::move(credentials)) {}

  Status Start(const TransferLoopOptions& options) {
    ARROW_ASSIGN_OR_RAISE(loop_, TransferLoop::Start(options));
    return Status::OK();
  }

  void Get(S3Request request, Done done) {
    loop_->Submit(std::make_unique<S3Transfer>(&context_, std::move(request), std::move(done)));
  }

  FetchCounters counters() const { return context_.counts.Read(loop_->busy_ns()); }

  bool reached() const { return context_.reached.load(std::memory_order_relaxed); }

 private:
  Context context_;
  std::unique_ptr<TransferLoop> loop_;  // ends first
};

S3Client::S3Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
S3Client::~S3Client() = default;

Result<std::unique_ptr<S3Client>> S3Client::Open(const StorageOptions& storage, int connections) {
  ARROW_ASSIGN_OR_RAISE(S3Settings settings, S3Settings::Find(storage));
  ARROW_ASSIGN_OR_RAISE(auto credentials, S3CredentialSource::Open(storage));
  TransferLoopOptions options;
  options.connections = connections;
  options.connect_timeout = storage.connect_timeout;
  options.request_timeout = storage.request_timeout;
  if (!settings.endpoint.empty()) {
    // Any bucket does: only the host counts.
    ARROW_ASSIGN_OR_RAISE(const S3Address address,
                          FindS3Address(settings, "bucket", settings.region));
    options.use_proxy = !address.is_loopback;
  }
  auto impl = std::make_unique<Impl>(storage, std::move(settings), std::move(credentials));
  ARROW_RETURN_NOT_OK(impl->Start(options));
  return std::unique_ptr<S3Client>(new S3Client(std::move(impl)));
}

void S3Client::Get(S3Request request, Done done) {
  impl_->Get(std::move(request), std::move(done));
}

FetchCounters S3Client::counters() const { return impl_->counters(); }

bool S3Client::reached() const { return impl_->reached(); }

}  // namespace pomona
