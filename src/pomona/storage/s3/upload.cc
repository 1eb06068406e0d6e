#include "pomona/storage/s3/upload.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "pomona/storage/s3/encoding.h"
#include "pomona/storage/s3/multipart_xml.h"
#include "pomona/storage/s3/put.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr int kMostOnTheirWay = 2;
constexpr size_t kMostPieces = 10'000;

}  // namespace

/// What the store said of the pieces.
class S3Upload::Pieces {
 public:
  /// Waits until another may be sent. The error of one that failed.
  Status Wait(int on_their_way) {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return on_their_way_ <= on_their_way; });
    return status_;
  }

  void Sent() {
    const std::lock_guard lock(mutex_);
    ++on_their_way_;
  }

  void Done(size_t index, Result<S3Part> part) {
    const std::lock_guard lock(mutex_);
    if (part.ok()) {
      parts_.resize(std::max(parts_.size(), index + 1));
      parts_[index] = *std::move(part);
    } else if (status_.ok()) {
      status_ = part.status();
    }
    --on_their_way_;
    done_.notify_all();
  }

  std::vector<S3Part> parts() const {
    const std::lock_guard lock(mutex_);
    return parts_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable done_;
  int on_their_way_ = 0;
  Status status_;
  std::vector<S3Part> parts_;
};

S3Upload::S3Upload(std::shared_ptr<S3Caller> caller, std::string key, int64_t piece)
    : caller_(std::move(caller)),
      key_(std::move(key)),
      piece_(piece),
      pieces_(std::make_shared<Pieces>()) {
  set_mode(arrow::io::FileMode::WRITE);
}

S3Upload::~S3Upload() {
  if (!closed_) static_cast<void>(S3Upload::Abort());
}

Status S3Upload::Write(const void* data, int64_t size) {
  if (closed_) return Status::Invalid("write to a closed upload");
  ARROW_RETURN_NOT_OK(failed_);
  failed_ = Append({static_cast<const char*>(data), static_cast<size_t>(size)});
  return failed_;
}

Status S3Upload::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    // A full piece waits for what follows it, or it would be the last one.
    if (static_cast<int64_t>(filling_.size()) == piece_) ARROW_RETURN_NOT_OK(SendPiece());
    const size_t room = static_cast<size_t>(piece_) - filling_.size();
    const std::string_view taken = bytes.substr(0, room);
    filling_.append(taken);
    bytes.remove_prefix(taken.size());
    position_ += static_cast<int64_t>(taken.size());
  }
  return Status::OK();
}

Status S3Upload::Begin() {
  const S3CallAnswer answer =
      caller_->Call({.verb = S3Verb::kPost,
                     .key = key_,
                     .query = "uploads=",
                     .headers = {{"content-type", std::string(kS3ObjectType)},
                                 {"x-amz-checksum-algorithm", "SHA256"}}});
  if (answer.error) return caller_->ErrorOf(answer, key_);
  return ParseS3UploadId(answer.body).Value(&upload_id_);
}

Status S3Upload::SendPiece() {
  if (digests_.size() == kMostPieces) {
    return Status::IOError("more than 10,000 pieces: ", caller_->UriOf(key_));
  }
  if (upload_id_.empty()) ARROW_RETURN_NOT_OK(Begin());
  ARROW_RETURN_NOT_OK(pieces_->Wait(kMostOnTheirWay - 1));
  const size_t index = digests_.size();
  S3CallRequest request = S3PutRequest(key_, arrow::Buffer::FromString(std::move(filling_)));
  filling_.clear();
  request.query = "partNumber=" + std::to_string(index + 1) + "&" + UploadQuery();
  digests_.push_back(request.body_sha256);
  pieces_->Sent();
  // Not the caller itself: it must not end on its own thread.
  caller_->Send(std::move(request), [caller = caller_.get(), pieces = pieces_, key = key_, index,
                                     checksum = S3Checksum(digests_.back())](S3CallAnswer answer) {
    Result<S3Part> part = S3Part{std::move(answer.head.etag), checksum};
    if (answer.error) {
      part = caller->ErrorOf(answer, key);
    } else if (!answer.head.checksum.empty() && answer.head.checksum != checksum) {
      part = caller->OtherBytes(key, answer.head.checksum, checksum);
    }
    pieces->Done(index, std::move(part));
  });
  return Status::OK();
}

Result<bool> S3Upload::Complete(const S3WriteOptions& options) {
  if (closed_) return Status::Invalid("the upload is closed");
  closed_ = true;
  if (!failed_.ok()) {
    static_cast<void>(AbortUpload());
    return failed_;
  }
  if (upload_id_.empty()) {
    const auto body = arrow::Buffer::FromString(std::move(filling_));
    return PutS3Object(caller_.get(), key_, body, options);
  }
  auto completed = CompletePieces(options);
  // What was refused would stay, and be paid for. Where the object is there after all, there is no
  // such upload.
  if (!completed.ok() || !*completed) static_cast<void>(AbortUpload());
  return completed;
}

Result<bool> S3Upload::CompletePieces(const S3WriteOptions& options) {
  ARROW_RETURN_NOT_OK(SendPiece());
  ARROW_RETURN_NOT_OK(pieces_->Wait(0));
  const std::string xml = S3CompletionXml(pieces_->parts());
  S3CallRequest request{.verb = S3Verb::kPost,
                        .key = key_,
                        .query = UploadQuery(),
                        .headers = {{"content-type", "application/xml"}},
                        .body = arrow::Buffer::FromString(xml),
                        .body_sha256 = Sha256Of(xml)};
  ARROW_RETURN_NOT_OK(caller_->Restrict(options, &request));
  const S3CallAnswer answer = caller_->Call(std::move(request));
  std::string told = answer.error ? "" : ParseS3CompletedChecksum(answer.body);
  if (told.empty()) told = answer.head.checksum;
  const S3Contents contents{key_, position_, piece_, S3CompositeChecksum(digests_)};
  return caller_->TookPlace(answer, told, contents, options.only_new);
}

Status S3Upload::Close() { return closed_ ? Status::OK() : Complete({}).status(); }

Status S3Upload::Abort() {
  if (closed_) return Status::OK();
  closed_ = true;
  filling_.clear();
  return AbortUpload();
}

Status S3Upload::AbortUpload() {
  // A piece that comes after it would stay, and one that failed is no matter here.
  static_cast<void>(pieces_->Wait(0));
  if (upload_id_.empty()) return Status::OK();
  const S3CallAnswer answer =
      caller_->Call({.verb = S3Verb::kDelete, .key = key_, .query = UploadQuery()});
  if (!answer.error || answer.error->kind == S3Error::Kind::kNotFound) return Status::OK();
  return caller_->ErrorOf(answer, key_);
}

std::string S3Upload::UploadQuery() const { return "uploadId=" + S3Encode(upload_id_); }

}  // namespace pomona
