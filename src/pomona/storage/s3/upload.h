#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/base/sha256.h"
#include "pomona/storage/s3/caller.h"

namespace pomona {

/// An object while it is written. Nobody sees it before it is complete. What fits into one piece
/// goes as one PUT; what is longer is uploaded in pieces while the rest is being written, at the
/// cost of a POST more at either end. Memory: three pieces, one that is filled and two on their
/// way. For one thread at a time.
///
/// A piece cannot be seen, so that no deadline is put on it; what is left of an upload that was
/// never completed is taken away by Abort, or by whoever comes next
/// (S3ObjectWriter::AbortUploadsBelow).
class S3Upload : public arrow::io::OutputStream {
 public:
  /// The least that S3 takes for a piece that is not the last is 5 MiB, and the most of them are
  /// 10,000 ("Amazon S3 multipart upload limits"): an object has at most 78 GiB.
  static constexpr int64_t kPiece = int64_t{8} << 20;

  S3Upload(std::shared_ptr<S3Caller> caller, std::string key, int64_t piece);
  /// Aborts what is not complete.
  ~S3Upload() override;

  /// Waits where two pieces are on their way. IOError: an earlier piece failed. After an error the
  /// object cannot be completed.
  using arrow::io::OutputStream::Write;
  arrow::Status Write(const void* data, int64_t size) override;

  /// Makes the object, and closes the stream, whatever comes of it. False: `only_new`, and there
  /// was one. Invalid: it is closed already. Else as Write and as S3ObjectWriter::Put; but where
  /// another write of the key came between (409), AWS may want all pieces once more, which is an
  /// IOError here.
  arrow::Result<bool> Complete(const S3WriteOptions& options);

  /// Complete with the options of default. Does nothing where it is closed.
  arrow::Status Close() override;
  /// Takes the pieces away again; the object stays what it was.
  arrow::Status Abort() override;
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override { return position_; }

 private:
  class Pieces;

  arrow::Status Begin();
  arrow::Status Append(std::string_view bytes);
  arrow::Status SendPiece();
  arrow::Result<bool> CompletePieces(const S3WriteOptions& options);
  arrow::Status AbortUpload();
  std::string UploadQuery() const;

  const std::shared_ptr<S3Caller> caller_;
  const std::string key_;
  const int64_t piece_;
  const std::shared_ptr<Pieces> pieces_;  // shared with those that are on their way
  std::string filling_;
  std::string upload_id_;  // empty: all that was written is in filling_
  std::vector<Sha256Digest> digests_;
  int64_t position_ = 0;
  arrow::Status failed_;  // a write, so that bytes are missing
  bool closed_ = false;
};

}  // namespace pomona
