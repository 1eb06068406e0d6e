#include "pomona/run.h"
#include "pomona/storage/uri.h"
#include "pomona/table/layout.h"

namespace pomona {

arrow::Status RunOptions::Validate() const {
  ARROW_RETURN_NOT_OK(list.Validate());
  ARROW_RETURN_NOT_OK(extract.Validate());
  ARROW_RETURN_NOT_OK(Uri::Parse(output).status());
  ARROW_RETURN_NOT_OK(CheckRowsPerFile(rows_per_file));
  if (overwrite + update + repair > 1) {
    return arrow::Status::Invalid(
        overwrite && update ? "option `overwrite` and option `update` exclude each other"
                            : "option `repair` excludes option `overwrite` and option `update`");
  }
  constexpr double kMostPrice = 1e9;
  if (!(price_per_hour >= 0 && price_per_hour <= kMostPrice)) {
    return arrow::Status::Invalid("option `price_per_hour` must be 0 to ", kMostPrice, ", got ",
                                  price_per_hour);
  }
  if (progress_every.count() < 1) {
    return arrow::Status::Invalid("progress_every must be at least 1 ms");
  }
  return arrow::Status::OK();
}

}  // namespace pomona
