#include "pomona/features/feature_column.h"

#include <arrow/array/util.h>
#include <arrow/scalar.h>

#include <algorithm>

#include "pomona/base/work_memory.h"
#include "pomona/table/table_schema.h"

namespace pomona {

using arrow::Result;

std::shared_ptr<arrow::DataType> FeatureColumnType(FeatureFormat format) {
  return TableSchema(format)->GetFieldByName("features")->type();
}

Result<std::shared_ptr<arrow::Array>> FeatureColumn(const std::shared_ptr<arrow::Buffer>& values,
                                                    int64_t rows, int64_t k, FeatureFormat format) {
  const auto type = FeatureColumnType(format);
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> offsets,
                        arrow::AllocateBuffer((rows + 1) * int64_t{sizeof(int32_t)}, WorkMemory()));
  auto* ends = reinterpret_cast<int32_t*>(offsets->mutable_data());
  for (int64_t r = 0; r <= rows; ++r) ends[r] = static_cast<int32_t>(r * k);
  if (format == FeatureFormat::kArray) {
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> rounded,
                          arrow::AllocateBuffer(rows * k * int64_t{sizeof(float)}, WorkMemory()));
    const auto* from = reinterpret_cast<const double*>(values->data());
    std::transform(from, from + rows * k, reinterpret_cast<float*>(rounded->mutable_data()),
                   [](double value) { return static_cast<float>(value); });
    return std::make_shared<arrow::ListArray>(
        type, rows, offsets, std::make_shared<arrow::FloatArray>(rows * k, std::move(rounded)));
  }
  ARROW_ASSIGN_OR_RAISE(auto dense, arrow::MakeArrayFromScalar(arrow::Int8Scalar(1), rows));
  ARROW_ASSIGN_OR_RAISE(auto sizes, arrow::MakeArrayOfNull(type->field(1)->type(), rows));
  ARROW_ASSIGN_OR_RAISE(auto indices, arrow::MakeArrayOfNull(type->field(2)->type(), rows));
  auto lists =
      std::make_shared<arrow::ListArray>(type->field(3)->type(), rows, offsets,
                                         std::make_shared<arrow::DoubleArray>(rows * k, values));
  return std::make_shared<arrow::StructArray>(
      type, rows, arrow::ArrayVector{dense, sizes, indices, std::move(lists)});
}

}  // namespace pomona
