#include "pomona/run.h"
#include "pomona/source/uri.h"

namespace pomona {

arrow::Status RunOptions::Validate() const {
  constexpr int64_t kMaxRows = 1 << 20;
  ARROW_RETURN_NOT_OK(list.Validate());
  ARROW_RETURN_NOT_OK(extract.Validate());
  ARROW_RETURN_NOT_OK(Uri::Parse(output).status());
  if (rows_per_file < 1 || rows_per_file > kMaxRows) {
    return arrow::Status::Invalid("rows-per-file must be 1 to ", kMaxRows, ", got ", rows_per_file);
  }
  if (overwrite && update) {
    return arrow::Status::Invalid("overwrite and update exclude each other");
  }
  if (!(price_per_hour >= 0)) {
    return arrow::Status::Invalid("price-per-hour must not be negative, got ", price_per_hour);
  }
  if (progress_every.count() < 1) {
    return arrow::Status::Invalid("progress_every must be at least 1 ms");
  }
  return arrow::Status::OK();
}

}  // namespace pomona
