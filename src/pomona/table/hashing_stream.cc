#include "pomona/table/hashing_stream.h"

#include <arrow/buffer.h>
#include <algorithm>

namespace pomona {

arrow::Result<std::string> Sha256Of(arrow::io::RandomAccessFile& file) {
  constexpr int64_t kPiece = 4 << 20;
  ARROW_ASSIGN_OR_RAISE(const int64_t size, file.GetSize());
  Sha256 hash;
  for (int64_t at = 0; at < size; at += kPiece) {
    ARROW_ASSIGN_OR_RAISE(auto piece, file.ReadAt(at, std::min(kPiece, size - at)));
    hash.Update({piece->data(), static_cast<size_t>(piece->size())});
  }
  return hash.Hex();
}

arrow::Status HashingStream::Write(const void* data, int64_t bytes) {
  ARROW_RETURN_NOT_OK(sink_->Write(data, bytes));
  hash_.Update({static_cast<const uint8_t*>(data), static_cast<size_t>(bytes)});
  bytes_ += bytes;
  return arrow::Status::OK();
}

}  // namespace pomona
