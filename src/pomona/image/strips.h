#pragma once

#include <arrow/result.h>

#include <utility>

#include "pomona/image/row_sink.h"
#include "pomona/image/scratch.h"

namespace pomona::image {

/// Collects the rows of a decoder that makes one at a time, and hands them to a sink 16 together.
/// Not thread-safe.
class Strips {
 public:
  /// After `sink.Start`, which said the same width.
  void Start(int width, RowSink& sink) {
    sink_ = &sink;
    stride_ = static_cast<size_t>(width) * 3 + kRowPadding;
    rows_ = 0;
    pixels_ = memory_.Get(stride_ * kRows);
  }

  /// Where the next row goes, [width, 3]; to be filled before the next call. An error is the
  /// sink's, and ends the decoding.
  arrow::Result<uint8_t*> NextRow() {
    if (rows_ == kRows) ARROW_RETURN_NOT_OK(Flush());
    return pixels_ + stride_ * rows_++;
  }

  /// After the last row.
  arrow::Status Finish() { return rows_ > 0 ? Flush() : arrow::Status::OK(); }

 private:
  static constexpr int kRows = 16;

  arrow::Status Flush() { return sink_->Push(pixels_, stride_, std::exchange(rows_, 0)); }

  Scratch memory_;
  RowSink* sink_ = nullptr;
  uint8_t* pixels_ = nullptr;
  size_t stride_ = 0;
  int rows_ = 0;
};

}  // namespace pomona::image
