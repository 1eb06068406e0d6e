#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "pomona/base/sha256.h"

#include <cstdint>
#include <memory>
#include <string>

namespace pomona {

/// SHA-256 of a whole file, read in pieces: 64 hexadecimal digits.
arrow::Result<std::string> Sha256Of(arrow::io::RandomAccessFile& file);

/// Passes everything on to `sink`, and keeps its count and hash. `sink` is not closed by it.
class HashingStream : public arrow::io::OutputStream {
 public:
  explicit HashingStream(std::shared_ptr<arrow::io::OutputStream> sink) : sink_(std::move(sink)) {}

  arrow::Status Write(const void* data, int64_t bytes) override;
  arrow::Status Flush() override { return sink_->Flush(); }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  arrow::Result<int64_t> Tell() const override { return bytes_; }
  bool closed() const override { return closed_; }

  int64_t bytes() const { return bytes_; }
  std::string FinishSha256() { return hash_.Hex(); }

 private:
  const std::shared_ptr<arrow::io::OutputStream> sink_;
  Sha256 hash_;
  int64_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace pomona
