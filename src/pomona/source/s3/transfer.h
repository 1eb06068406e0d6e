#pragma once

#include <arrow/buffer.h>
#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pomona/source/s3/answer_head.h"
#include "pomona/source/s3/error.h"
#include "pomona/source/s3/request.h"
#include "pomona/source/s3/session.h"
#include "pomona/source/transport/header_list.h"
#include "pomona/source/transport/transfer_loop.h"
#include "pomona/storage/s3/credentials.h"

namespace pomona {

/// One S3Request with its tries: signed anew for each, judged by what the request expects. Calls
/// `done` once. `session` must outlive it.
class S3Transfer : public Transfer {
 public:
  S3Transfer(S3Session* session, S3Request request, S3Done done);

  bool Begin(CURL* easy) override;
  void OnHeader(std::string_view line) override;
  bool OnBody(const char* data, size_t size) override;
  std::optional<std::chrono::milliseconds> End(CURL* easy, CURLcode code) override;
  void GiveUp() override;
  bool EndsWithLoop() const override { return !request_.IsObject(); }

 private:
  void ResetTry();
  void Describe(const S3Address& address, CURL* easy);
  void Sign(const S3Address& address, const std::string& path);
  /// The size that was listed, else the one that was announced; nullopt if neither was.
  std::optional<int64_t> BodySize() const;
  bool Allocate(int64_t size);
  bool IsChanged();

  /// What went wrong in this try; nullopt: nothing.
  std::optional<S3Error> Judge(CURLcode code);
  std::shared_ptr<arrow::Buffer> TakeBody();

  /// Before the next try after error_; nullopt: there is no use in one.
  std::optional<std::chrono::milliseconds> RetryDelay();
  bool FollowRegion();

  S3Session& session_;
  const S3Request request_;
  const S3Done done_;

  // Of this try.
  HeaderList headers_;
  std::shared_ptr<const S3Credentials> credentials_;
  std::string region_;
  S3AnswerHead head_;
  std::string change_;
  bool no_memory_ = false;
  bool too_large_ = false;
  bool enough_ = false;  // of an error's body: the rest is not read
  std::string text_;     // an error's body, or one of a length that is not announced
  int64_t have_ = 0;

  std::shared_ptr<arrow::Buffer> body_;  // kept from try to try
  std::optional<S3Error> error_;
  int tries_ = 0;
  int region_changes_ = 0;
};

}  // namespace pomona
