#include "pomona/pca.h"

namespace pomona {

arrow::Status PcaOptions::Validate() const {
  if (k && variance) return arrow::Status::Invalid("k and variance exclude each other");
  if (k && *k < 1) return arrow::Status::Invalid("k must be at least 1, got ", *k);
  if (variance && !(*variance > 0 && *variance <= 1)) {
    return arrow::Status::Invalid("variance must be above 0 and at most 1, got ", *variance,
                                  "\nhint: 0.95 keeps 95 % of it");
  }
  return arrow::Status::OK();
}

}  // namespace pomona
