#include <arrow/api.h>

#include "pomona/cost.h"
#include "pomona/source/no_images.h"

namespace pomona {

arrow::Result<Workload> MeasureWorkload(const ListOptions& options) {
  ARROW_ASSIGN_OR_RAISE(auto listing, ListImages(options));
  Workload workload;
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(listing->ReadNext(&batch));
    if (batch == nullptr) break;
    const auto& sizes = static_cast<const arrow::Int64Array&>(*batch->GetColumnByName("size"));
    workload.images += batch->num_rows();
    for (int64_t i = 0; i < sizes.length(); ++i) workload.bytes += sizes.Value(i);
  }
  if (workload.images == 0) return NoImages(options, listing->summary());
  workload.listing = listing->summary();
  return workload;
}

}  // namespace pomona
