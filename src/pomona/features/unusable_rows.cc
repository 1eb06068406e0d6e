#include "pomona/features/unusable_rows.h"

#include <arrow/array/data.h>
#include <arrow/buffer.h>
#include <arrow/util/bit_util.h>

#include "pomona/base/work_memory.h"
#include "pomona/error_kind.h"
#include "pomona/features/feature_rows.h"

namespace pomona {

arrow::Result<std::shared_ptr<arrow::Array>> NullUnusableRows(
    const std::shared_ptr<arrow::Array>& features, int64_t dim, int64_t* unusable) {
  const auto all = FeatureRows::Make(*features, dim, 0);
  if (all.ok()) return features;
  if (KindOf(all.status()) != ErrorKind::kData) return all.status();
  const auto data = features->data()->Copy();
  ARROW_ASSIGN_OR_RAISE(auto valid,
                        arrow::AllocateEmptyBitmap(data->offset + data->length, WorkMemory()));
  for (int64_t r = 0; r < features->length(); ++r) {
    if (features->IsNull(r)) continue;
    const auto row = FeatureRows::Make(*features->Slice(r, 1), dim, r);
    if (row.ok()) {
      dim = row->dim();
      arrow::bit_util::SetBit(valid->mutable_data(), data->offset + r);
    } else if (KindOf(row.status()) == ErrorKind::kData) {
      ++*unusable;
    } else {
      return row.status();
    }
  }
  data->buffers[0] = std::move(valid);
  data->SetNullCount(arrow::kUnknownNullCount);
  return arrow::MakeArray(data);
}

}  // namespace pomona
