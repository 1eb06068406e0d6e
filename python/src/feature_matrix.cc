#include "feature_matrix.h"

#include <arrow/array.h>
#include <nanobind/ndarray.h>

#include <cstring>
#include <string>

#include "raise.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

const arrow::StringArray& Text(const arrow::RecordBatch& batch, const char* column) {
  return static_cast<const arrow::StringArray&>(*batch.GetColumnByName(column));
}

[[noreturn]] void RaiseImageError(const arrow::RecordBatch& batch, int64_t row, int64_t index) {
  const std::string reason = Text(batch, "reject").GetString(row);
  const std::string message = "image " + std::to_string(index) + " has no features: " + reason +
                              ": " + Text(batch, "message").GetString(row);
  nb::object error =
      nb::module_::import_("pomona.errors").attr("ImageError")(nb::str(message.c_str()));
  error.attr("reason") = nb::str(reason.c_str());
  error.attr("index") = index;
  Raise(error);
}

}  // namespace

FeatureMatrix::FeatureMatrix(int64_t rows, int64_t dim)
    : rows_(rows), dim_(dim), values_(new float[static_cast<size_t>(rows * dim)]) {}

void FeatureMatrix::Append(const arrow::RecordBatch& batch) {
  const auto& lists = static_cast<const arrow::ListArray&>(*batch.GetColumnByName("features"));
  const auto& values = static_cast<const arrow::FloatArray&>(*lists.values());
  for (int64_t row = 0; row < batch.num_rows(); ++row, ++filled_) {
    if (lists.IsNull(row)) RaiseImageError(batch, row, filled_);
    std::memcpy(&values_[static_cast<size_t>(filled_ * dim_)],
                values.raw_values() + lists.value_offset(row),
                static_cast<size_t>(dim_) * sizeof(float));
  }
}

nb::object FeatureMatrix::ToNumpy() {
  const nb::capsule owner(values_.get(),
                          [](void* values) noexcept { delete[] static_cast<float*>(values); });
  float* values = values_.release();
  return nb::cast(nb::ndarray<nb::numpy, float, nb::ndim<2>>(
      values, {static_cast<size_t>(rows_), static_cast<size_t>(dim_)}, owner));
}

}  // namespace pomona::python
