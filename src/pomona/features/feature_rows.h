#pragma once

#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace pomona {

/// Invalid unless a column of this type can be features: list<float|double>, large or of fixed
/// size, or the struct of Spark's VectorUDT. `name` is for the message.
arrow::Status CheckFeatureType(const arrow::DataType& type, const std::string& name);

/// A column of features as one row-major matrix, without the rows that are null. Where the
/// column is a list without nulls it is a view, else a copy. Keeps what it views. A value.
class FeatureRows {
 public:
  /// `features` has a type that CheckFeatureType takes. `dim` 0: that of the first row. Invalid,
  /// naming the row counted from `first_row`: another length, a null or a value that is not
  /// finite in a row, an index out of range in a sparse vector.
  static arrow::Result<FeatureRows> Make(const arrow::Array& features, int64_t dim,
                                         int64_t first_row);

  int64_t rows() const { return rows_; }
  int64_t dim() const { return dim_; }

  /// Null rows that were left out.
  int64_t skipped() const { return skipped_; }

  /// Calls `use(const T* rows, int64_t count)`, T float or double.
  template <class Use>
  auto Visit(Use&& use) const {
    return single_ ? use(reinterpret_cast<const float*>(data_->data()) + offset_, rows_)
                   : use(reinterpret_cast<const double*>(data_->data()) + offset_, rows_);
  }

  /// Appends the matrix to `to`, in float32.
  void AppendTo(std::vector<float>* to) const {
    to->reserve(to->size() + static_cast<size_t>(rows_ * dim_));
    Visit([&](const auto* from, int64_t count) {
      std::transform(from, from + count * dim_, std::back_inserter(*to),
                     [](auto value) { return static_cast<float>(value); });
    });
  }

 private:
  int64_t rows_ = 0;
  int64_t skipped_ = 0;
  int64_t dim_ = 0;
  bool single_ = false;
  std::shared_ptr<arrow::Buffer> data_;
  int64_t offset_ = 0;  ///< of the first value, in values

  template <class List>
  arrow::Status ReadLists(const List& lists, int64_t first_row);
  arrow::Status ReadVectors(const arrow::StructArray& vectors, int64_t first_row);
};

/// Invalid if a value of rows [count, dim] is not finite; the message counts from `first_row`.
template <class T>
arrow::Status CheckFinite(const T* rows, int64_t count, int64_t dim, int64_t first_row);

/// `batch` without the rows where column `index` is null: itself if there are none.
arrow::Result<std::shared_ptr<arrow::RecordBatch>> DropNullRows(
    const std::shared_ptr<arrow::RecordBatch>& batch, int index);

}  // namespace pomona
