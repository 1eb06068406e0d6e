#pragma once

#include <arrow/buffer.h>
#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pomona/source/fetch_counts.h"
#include "pomona/source/s3/request.h"
#include "pomona/storage/s3/answer_head.h"
#include "pomona/storage/s3/error.h"
#include "pomona/storage/s3/retry.h"
#include "pomona/storage/s3/session.h"
#include "pomona/storage/transport/header_list.h"
#include "pomona/storage/transport/transfer_loop.h"

namespace pomona {

/// One S3Request with its tries: signed anew for each, judged by what the request expects. Calls
/// `done` once. `session` and `counts` must outlive it.
class S3Transfer : public Transfer {
 public:
  S3Transfer(S3Session* session, FetchCounts* counts, S3Request request, S3Done done);

  bool Begin(CURL* easy) override;
  void OnHeader(std::string_view line) override;
  bool OnBody(const char* data, size_t size) override;
  std::optional<std::chrono::milliseconds> End(CURL* easy, CURLcode code) override;
  void GiveUp() override;
  bool EndsWithLoop() const override { return !request_.IsObject(); }

 private:
  void ResetTry();
  void Describe(const S3Address& address, CURL* easy);
  /// The size that was listed, else the one that was announced; nullopt if neither was.
  std::optional<int64_t> BodySize() const;
  bool Allocate(int64_t size);
  bool IsChanged();

  /// What went wrong in this try; nullopt: nothing.
  std::optional<S3Error> Judge(CURLcode code);
  std::shared_ptr<arrow::Buffer> TakeBody();

  S3Session& session_;
  FetchCounts& counts_;
  const S3Request request_;
  const S3Done done_;

  // These belong to this try.
  HeaderList headers_;
  S3AnswerHead head_;
  std::string change_;
  bool no_memory_ = false;
  bool too_large_ = false;
  bool enough_ = false;  // of an error's body: the rest is not read
  std::string text_;     // an error's body, or one of a length that is not announced
  int64_t have_ = 0;

  std::shared_ptr<arrow::Buffer> body_;  // kept from try to try
  std::optional<S3Error> error_;
  S3Retry retry_;
};

}  // namespace pomona
