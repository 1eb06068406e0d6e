#include "pomona/int8.h"

namespace pomona {

arrow::Status Int8Options::Validate() const {
  ARROW_RETURN_NOT_OK(images.Validate());
  ARROW_RETURN_NOT_OK(extract.Validate());
  constexpr int64_t kMost = 100'000;
  if (calibrated < 1 || calibrated > kMost) {
    return arrow::Status::Invalid("calibrated must be 1 to ", kMost, " photos, got ", calibrated);
  }
  if (compared < 0 || compared > kMost) {
    return arrow::Status::Invalid("compared must be 0 to ", kMost, " photos, got ", compared);
  }
  if (output.empty()) return arrow::Status::Invalid("output is empty");
  return arrow::Status::OK();
}

}  // namespace pomona
