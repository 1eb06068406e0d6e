#pragma once

#include <arrow/buffer.h>
#include <curl/curl.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pomona/base/sha256.h"
#include "pomona/storage/s3/answer_head.h"
#include "pomona/storage/s3/checksum.h"
#include "pomona/storage/s3/error.h"
#include "pomona/storage/s3/retry.h"
#include "pomona/storage/s3/session.h"
#include "pomona/storage/store_clock.h"
#include "pomona/storage/transport/header_list.h"
#include "pomona/storage/transport/transfer_loop.h"

namespace pomona {

/// What a request is, as prices tell them apart: a listing is a GET of its own kind.
enum class S3Verb { kGet, kHead, kList, kPut, kPost, kDelete };

/// A request of the kinds that changing objects takes.
struct S3CallRequest {
  S3Verb verb = S3Verb::kGet;
  std::string key;    ///< raw bytes; empty: the bucket
  std::string query;  ///< encoded, sorted by name, all in lower case
  /// Lower-case names of headers that are signed, with their values, in any order: content-type
  /// is among them where there is a body.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::shared_ptr<arrow::Buffer> body = nullptr;  ///< of a PUT or POST; null: an empty one
  Sha256Digest body_sha256 = {};                  ///< of `body`, where there is one
  /// The store refuses the request when it comes after this instant, to the second below it, by the
  /// store's clock. The clock is known by then, and there are credentials.
  std::optional<StoreClock::Time> valid_until = std::nullopt;
  /// The answer's body is not kept but becomes its S3RunningChecksum, of pieces of this size.
  std::optional<int64_t> checksum_piece = std::nullopt;
};

struct S3CallAnswer {
  std::optional<S3Error> error;  ///< of the last try; nothing: the answer is some 2xx
  S3AnswerHead head;             ///< of the last try
  std::string body;
  bool may_be_done = false;  ///< the answer of a try was lost, so that it may have had its effect
  bool too_late = false;     ///< the deadline passed before the store had the request
};

/// What all calls of one client share. The loop's thread alone uses the session.
struct S3CallShared {
  S3Session* session;
  std::string bucket;
  StoreClock clock = {};
  std::array<std::atomic<int64_t>, 6> sent = {};  ///< requests, tries included, by S3Verb
  /// A try that changes something got no answer: it may arrive yet, also where the next was
  /// answered.
  std::atomic<bool> answer_lost = false;
};

/// One S3CallRequest with its tries, each signed anew, none after its deadline. Calls `done` once.
/// `shared` must outlive it.
class S3Call : public Transfer {
 public:
  using Done = std::function<void(S3CallAnswer)>;

  S3Call(S3CallShared* shared, S3CallRequest request, Done done);

  bool Begin(CURL* easy) override;
  void OnHeader(std::string_view line) override;
  bool OnBody(const char* data, size_t size) override;
  std::optional<std::chrono::milliseconds> End(CURL* easy, CURLcode code) override;
  void GiveUp() override;

 private:
  static int OnSend(void* self, char*, char*, int, int);
  static size_t OnRead(char* to, size_t, size_t room, void* self);

  void ResetTry();
  /// The signed URL; headers_ are filled.
  std::string Sign(const S3Address& address, const S3Credentials* credentials);
  void Describe(CURL* easy);
  bool IsLate(std::chrono::milliseconds ahead = {}) const;
  /// What went wrong in this try; nullopt: nothing.
  std::optional<S3Error> Judge(CURLcode code) const;

  S3CallShared& shared_;
  const S3CallRequest request_;
  const Done done_;
  const std::optional<std::chrono::sys_seconds> valid_until_;
  S3Retry retry_;
  S3CallAnswer answer_;

  // These belong to this try.
  HeaderList headers_;
  std::optional<S3RunningChecksum> checksum_;
  int64_t body_sent_ = 0;
  bool sent_ = false;
  bool sent_again_ = false;
  StoreClock::SinceBoot sent_at_{};
};

}  // namespace pomona
