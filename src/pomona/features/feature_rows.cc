#include "pomona/features/feature_rows.h"

#include <arrow/array/builder_primitive.h>
#include <arrow/compute/api_vector.h>
#include <arrow/compute/exec.h>
#include <arrow/datum.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>

#include "pomona/base/work_memory.h"
#include "pomona/error_kind.h"
#include "pomona/pca.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

bool IsReal(const arrow::DataType& type) {
  return type.id() == arrow::Type::FLOAT || type.id() == arrow::Type::DOUBLE;
}

bool IsListOf(const arrow::DataType& type, arrow::Type::type element) {
  return type.id() == arrow::Type::LIST && type.field(0)->type()->id() == element;
}

/// Spark's VectorUDT as Parquet stores it: 0 sparse, 1 dense.
bool IsVector(const arrow::DataType& type) {
  return type.id() == arrow::Type::STRUCT && type.num_fields() == 4 &&
         type.field(0)->name() == "type" && type.field(0)->type()->id() == arrow::Type::INT8 &&
         type.field(1)->name() == "size" && type.field(1)->type()->id() == arrow::Type::INT32 &&
         type.field(2)->name() == "indices" &&
         IsListOf(*type.field(2)->type(), arrow::Type::INT32) &&
         type.field(3)->name() == "values" && IsListOf(*type.field(3)->type(), arrow::Type::DOUBLE);
}

Status WrongLength(int64_t row, int64_t length, int64_t dim) {
  if (length == 0) return DamagedData("row ", row, " has no features: its list is empty");
  return DamagedData("row ", row, " has ", length, " features, others have ", dim);
}

/// Infinite and NaN are those whose exponent is all ones: an integer maximum, which compilers
/// turn into vectors as they do not a test of floating point.
template <class T>
bool AllFinite(const T* values, int64_t count) {
  using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  constexpr Bits kMagnitude = ~Bits{0} >> 1;
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  Bits largest = 0;
  for (int64_t i = 0; i < count; ++i) {
    largest = std::max(largest, std::bit_cast<Bits>(values[i]) & kMagnitude);
  }
  return largest < std::bit_cast<Bits>(kInfinity);
}

}  // namespace

Status CheckFeatureType(const arrow::DataType& type, const std::string& name) {
  const bool list = type.id() == arrow::Type::LIST || type.id() == arrow::Type::LARGE_LIST ||
                    type.id() == arrow::Type::FIXED_SIZE_LIST;
  if ((list && IsReal(*type.field(0)->type())) || IsVector(type)) return Status::OK();
  return Status::Invalid("column ", name, " holds no features: ", type.ToString(),
                         "\nhint: a list of float or double, or a Spark ML vector");
}

template <class T>
Status CheckFinite(const T* rows, int64_t count, int64_t dim, int64_t first_row) {
  for (int64_t r = 0; r < count; ++r) {
    const T* row = rows + r * dim;
    if (AllFinite(row, dim)) continue;
    const auto* at = std::find_if(row, row + dim, [](T value) { return !std::isfinite(value); });
    return DamagedData("row ", first_row + r, " has ", *at, " as feature ", at - row,
                       "\nhint: every feature must be a finite number");
  }
  return Status::OK();
}

template Status CheckFinite(const float*, int64_t, int64_t, int64_t);
template Status CheckFinite(const double*, int64_t, int64_t, int64_t);

template <class List>
Status FeatureRows::ReadLists(const List& lists, int64_t first_row) {
  for (int64_t r = 0; r < lists.length(); ++r) {
    if (lists.IsNull(r)) continue;
    if (dim_ == 0) dim_ = lists.value_length(r);
    const int64_t length = lists.value_length(r);
    if (length == 0 || length != dim_) return WrongLength(first_row + r, length, dim_);
  }
  const auto& values = static_cast<const arrow::PrimitiveArray&>(*lists.values());
  single_ = values.type_id() == arrow::Type::FLOAT;
  const int64_t width = single_ ? sizeof(float) : sizeof(double);
  const auto check = [&](int64_t r) {
    for (int64_t i = 0; values.null_count() > 0 && i < dim_; ++i) {
      if (values.IsNull(lists.value_offset(r) + i)) {
        return DamagedData("row ", first_row + r, " has null as feature ", i);
      }
    }
    const auto at = values.offset() + lists.value_offset(r);
    const uint8_t* row = values.values()->data() + at * width;
    return single_ ? CheckFinite(reinterpret_cast<const float*>(row), 1, dim_, first_row + r)
                   : CheckFinite(reinterpret_cast<const double*>(row), 1, dim_, first_row + r);
  };
  for (int64_t r = 0; r < lists.length(); ++r) {
    if (lists.IsValid(r)) ARROW_RETURN_NOT_OK(check(r));
  }
  if (skipped_ == 0) {
    // Without null rows between them, the lists lie one after the other.
    data_ = values.values();
    offset_ = values.offset() + (rows_ > 0 ? lists.value_offset(0) : 0);
    return Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(data_, arrow::AllocateBuffer(rows_ * dim_ * width, WorkMemory()));
  uint8_t* to = data_->mutable_data();
  for (int64_t r = 0; r < lists.length(); ++r) {
    if (lists.IsNull(r)) continue;
    const auto at = values.offset() + lists.value_offset(r);
    to = std::copy_n(values.values()->data() + at * width, dim_ * width, to);
  }
  return Status::OK();
}

Status FeatureRows::ReadVectors(const arrow::StructArray& vectors, int64_t first_row) {
  const auto types = std::static_pointer_cast<arrow::Int8Array>(vectors.field(0));
  const auto sizes = std::static_pointer_cast<arrow::Int32Array>(vectors.field(1));
  const auto indices = std::static_pointer_cast<arrow::ListArray>(vectors.field(2));
  const auto values = std::static_pointer_cast<arrow::ListArray>(vectors.field(3));
  const auto& index_items = static_cast<const arrow::Int32Array&>(*indices->values());
  const auto& value_items = static_cast<const arrow::DoubleArray&>(*values->values());
  const auto length_of = [&](int64_t r) -> int64_t {
    return types->Value(r) == 1 ? values->value_length(r) : sizes->Value(r);
  };
  for (int64_t r = 0; r < vectors.length() && dim_ == 0; ++r) {
    if (vectors.IsNull(r)) continue;
    dim_ = length_of(r);
    if (dim_ == 0) return WrongLength(first_row + r, 0, 0);
    // A sparse vector takes no space to claim any size; this is before memory is taken for it.
    if (dim_ < 0 || dim_ > PcaStatistics::kMaxDim) {
      return DamagedData("row ", first_row + r, " has ", dim_, " features, ",
                         PcaStatistics::kMaxDim, " are possible");
    }
  }
  ARROW_ASSIGN_OR_RAISE(
      data_, arrow::AllocateBuffer(rows_ * dim_ * int64_t{sizeof(double)}, WorkMemory()));
  auto* to = reinterpret_cast<double*>(data_->mutable_data());
  for (int64_t r = 0; r < vectors.length(); ++r) {
    if (vectors.IsNull(r)) continue;
    if (length_of(r) != dim_) return WrongLength(first_row + r, length_of(r), dim_);
    const double* from = value_items.raw_values() + values->value_offset(r);
    if (types->Value(r) == 1) {
      std::copy_n(from, dim_, to);
    } else {
      std::fill_n(to, dim_, 0.0);
      for (int64_t i = 0; i < values->value_length(r); ++i) {
        const int32_t at = i < indices->value_length(r)
                               ? index_items.Value(indices->value_offset(r) + i)
                               : int32_t{-1};
        if (at < 0 || at >= dim_) {
          return DamagedData("row ", first_row + r, " is no sparse vector of ", dim_,
                             " features: an index is wrong or missing");
        }
        to[at] = from[i];
      }
    }
    ARROW_RETURN_NOT_OK(CheckFinite(to, 1, dim_, first_row + r));
    to += dim_;
  }
  return Status::OK();
}

Result<FeatureRows> FeatureRows::Make(const arrow::Array& features, int64_t dim,
                                      int64_t first_row) {
  FeatureRows made;
  made.dim_ = dim;
  made.skipped_ = features.null_count();
  made.rows_ = features.length() - made.skipped_;
  switch (features.type_id()) {
    case arrow::Type::LIST:
      ARROW_RETURN_NOT_OK(
          made.ReadLists(static_cast<const arrow::ListArray&>(features), first_row));
      return made;
    case arrow::Type::LARGE_LIST:
      ARROW_RETURN_NOT_OK(
          made.ReadLists(static_cast<const arrow::LargeListArray&>(features), first_row));
      return made;
    case arrow::Type::FIXED_SIZE_LIST:
      ARROW_RETURN_NOT_OK(
          made.ReadLists(static_cast<const arrow::FixedSizeListArray&>(features), first_row));
      return made;
    default:
      ARROW_RETURN_NOT_OK(
          made.ReadVectors(static_cast<const arrow::StructArray&>(features), first_row));
      return made;
  }
}

Result<std::shared_ptr<arrow::RecordBatch>> DropNullRows(
    const std::shared_ptr<arrow::RecordBatch>& batch, int index) {
  const auto& column = *batch->column(index);
  if (column.null_count() == 0) return batch;
  arrow::BooleanBuilder keep(WorkMemory());
  ARROW_RETURN_NOT_OK(keep.Reserve(batch->num_rows()));
  for (int64_t r = 0; r < batch->num_rows(); ++r) keep.UnsafeAppend(column.IsValid(r));
  ARROW_ASSIGN_OR_RAISE(auto mask, keep.Finish());
  arrow::compute::ExecContext context(WorkMemory());
  ARROW_ASSIGN_OR_RAISE(
      auto kept,
      arrow::compute::Filter(batch, mask, arrow::compute::FilterOptions::Defaults(), &context));
  return kept.record_batch();
}

}  // namespace pomona
