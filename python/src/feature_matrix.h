#pragma once

#include <arrow/record_batch.h>
#include <nanobind/nanobind.h>

#include <memory>

namespace pomona::python {

/// A matrix that is filled from batches of ImageFeatureSchema().
class FeatureMatrix {
 public:
  /// [rows, dim], float32.
  FeatureMatrix(int64_t rows, int64_t dim);

  /// Raises ImageError for the first image without features; its index counts from the first
  /// batch on.
  void Append(const arrow::RecordBatch& batch);

  /// The matrix as a numpy array, which takes the values over: call this last.
  nanobind::object ToNumpy();

 private:
  const int64_t rows_;
  const int64_t dim_;
  std::unique_ptr<float[]> values_;
  int64_t filled_ = 0;
};

}  // namespace pomona::python
