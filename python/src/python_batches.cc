#include "python_batches.h"

#include <arrow/type.h>
#include <nanobind/stl/string.h>

#include <string>
#include <string_view>
#include <utility>

#include "arrow_capsule.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

using arrow::Status;
using Batch = std::shared_ptr<arrow::RecordBatch>;

/// An object that may be let go by a thread without the GIL, or when Python has ended.
std::shared_ptr<nb::object> Held(nb::object object) {
  return {new nb::object(std::move(object)), [](nb::object* held) {
            if (!Py_IsInitialized()) return;
            const nb::gil_scoped_acquire gil;
            delete held;
          }};
}

constexpr char kTypeId[] = "pomona::python::RaisedDetail";

class RaisedDetail : public arrow::StatusDetail {
 public:
  explicit RaisedDetail(nb::object error) : error_(Held(std::move(error))) {}
  const char* type_id() const override { return kTypeId; }
  std::string ToString() const override { return "raised by Python code"; }
  const nb::object& error() const { return *error_; }

 private:
  const std::shared_ptr<nb::object> error_;
};

Status Raised(const nb::python_error& error) {
  std::string message = nb::cast<std::string>(error.type().attr("__name__"));
  const nb::object text = nb::steal(PyObject_Str(error.value().ptr()));
  if (!text.is_valid()) {
    PyErr_Clear();
  } else if (nb::len(text) > 0) {
    message += ": " + nb::cast<std::string>(text);
  }
  return Status(arrow::StatusCode::UnknownError, std::move(message),
                std::make_shared<RaisedDetail>(nb::borrow(error.value())));
}

nb::object IteratorOf(nb::handle iterable) {
  nb::object iterator = nb::steal(PyObject_GetIter(iterable.ptr()));
  if (!iterator.is_valid()) throw nb::python_error();
  return iterator;
}

/// Null at the end. With the GIL.
Batch NextOf(const nb::object& iterator) {
  const nb::object next = nb::steal(PyIter_Next(iterator.ptr()));
  if (!next.is_valid()) {
    if (PyErr_Occurred()) throw nb::python_error();
    return nullptr;
  }
  return ImportBatch(next);
}

class IterableReader : public arrow::RecordBatchReader {
 public:
  IterableReader(nb::object iterator, Batch first, std::shared_ptr<arrow::Schema> schema)
      : iterator_(Held(std::move(iterator))),
        first_(std::move(first)),
        schema_(std::move(schema)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Status ReadNext(Batch* batch) override {
    *batch = std::exchange(first_, nullptr);
    if (*batch != nullptr || ended_) return Status::OK();
    const nb::gil_scoped_acquire gil;
    try {
      *batch = NextOf(*iterator_);
    } catch (const nb::python_error& error) {
      return Raised(error);
    } catch (const nb::builtin_exception& error) {
      return Status::TypeError(error.what());
    }
    ended_ = *batch == nullptr;
    if (ended_ || (*batch)->schema()->Equals(*schema_, /*check_metadata=*/false)) {
      return Status::OK();
    }
    return Status::Invalid("a batch has another schema than the first: ",
                           (*batch)->schema()->ToString());
  }

 private:
  const std::shared_ptr<nb::object> iterator_;
  Batch first_;
  const std::shared_ptr<arrow::Schema> schema_;
  bool ended_ = false;
};

}  // namespace

std::shared_ptr<arrow::RecordBatchReader> ReadReader(nb::handle reader,
                                                     std::shared_ptr<arrow::Schema> schema) {
  return std::make_shared<IterableReader>(IteratorOf(reader), nullptr, std::move(schema));
}

std::shared_ptr<arrow::RecordBatchReader> ReadIterable(nb::handle iterable,
                                                       std::shared_ptr<arrow::Schema> empty) {
  nb::object iterator = IteratorOf(iterable);
  Batch first = NextOf(iterator);
  auto schema = first != nullptr ? first->schema() : std::move(empty);
  return std::make_shared<IterableReader>(std::move(iterator), std::move(first), std::move(schema));
}

nb::object RaisedBy(const Status& status) {
  const auto& detail = status.detail();
  if (detail == nullptr || std::string_view(detail->type_id()) != kTypeId) return nb::object();
  return static_cast<const RaisedDetail&>(*detail).error();
}

}  // namespace pomona::python
