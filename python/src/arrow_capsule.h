#pragma once

#include <arrow/chunked_array.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <nanobind/nanobind.h>

#include <memory>

namespace pomona::python {

// Arrow's C data interface in its PyCapsules: how Arrow objects pass between packages that know
// nothing of each other.
// https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html

/// A capsule "arrow_array_stream" that keeps `reader` alive.
nanobind::object ExportStream(std::shared_ptr<arrow::RecordBatchReader> reader);

/// The stream of any object with `__arrow_c_stream__`, or of an iterable of record batches (see
/// ReadIterable, also for `empty`). TypeError for others.
/// Reading it takes the GIL where its maker needs that: read without it.
std::shared_ptr<arrow::RecordBatchReader> ImportStream(nanobind::handle object,
                                                       std::shared_ptr<arrow::Schema> empty);

/// The batch of any object with `__arrow_c_array__`. TypeError for others.
std::shared_ptr<arrow::RecordBatch> ImportBatch(nanobind::handle object);

/// The column of any object with `__arrow_c_array__` or `__arrow_c_stream__`.
std::shared_ptr<arrow::ChunkedArray> ImportColumn(nanobind::handle object);

/// This is as pyarrow's own.
nanobind::object ToPyarrow(std::shared_ptr<arrow::RecordBatch> batch);
nanobind::object ToPyarrow(std::shared_ptr<arrow::Schema> schema);

}  // namespace pomona::python
