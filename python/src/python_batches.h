#pragma once

#include <arrow/record_batch.h>
#include <arrow/status.h>
#include <nanobind/nanobind.h>

#include <memory>

namespace pomona::python {

/// Batches that Python code makes: the values of an iterable, each with `__arrow_c_array__`, as of
/// pyarrow.RecordBatch. An exception of it is kept in the status, for RaiseIfError. The first batch
/// is asked for now, as it tells the schema; `empty` is that of an iterable without any. Readers
/// are used without the GIL, which they take. TypeError for values of another kind.
std::shared_ptr<arrow::RecordBatchReader> ReadIterable(nanobind::handle iterable,
                                                       std::shared_ptr<arrow::Schema> empty);

/// The same of a reader of pyarrow's, which knows its schema: nothing is asked for now.
std::shared_ptr<arrow::RecordBatchReader> ReadReader(nanobind::handle reader,
                                                     std::shared_ptr<arrow::Schema> schema);

/// The exception that Python code raised, if that is what `status` is about; else null.
nanobind::object RaisedBy(const arrow::Status& status);

}  // namespace pomona::python
