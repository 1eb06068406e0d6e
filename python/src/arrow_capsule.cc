#include "arrow_capsule.h"

#include <arrow/c/bridge.h>
#include <nanobind/stl/string.h>

#include <string>
#include <utility>

#include "bindings.h"
#include "gil.h"
#include "pomona/error_kind.h"
#include "python_batches.h"
#include "raise.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

/// A value that pyarrow asks for its C form.
struct ArrowBatch {
  std::shared_ptr<arrow::RecordBatch> batch;
};
struct ArrowSchemaHolder {
  std::shared_ptr<arrow::Schema> schema;
};

constexpr char kStreamName[] = "arrow_array_stream";
constexpr char kSchemaName[] = "arrow_schema";
constexpr char kArrayName[] = "arrow_array";

/// A capsule with an empty C struct, which it releases and deletes unless a reader took it.
template <typename Struct, const char* kName>
std::pair<nb::object, Struct*> NewCapsule() {
  auto* made = new Struct{};
  PyObject* capsule = PyCapsule_New(made, kName, [](PyObject* dying) {
    auto* held = static_cast<Struct*>(PyCapsule_GetPointer(dying, kName));
    if (held->release != nullptr) held->release(held);
    delete held;
  });
  if (capsule == nullptr) {
    delete made;
    throw nb::python_error();
  }
  return {nb::steal(capsule), made};
}

/// The C struct in a capsule of somebody else's.
template <typename Struct>
Struct* Held(const nb::object& capsule, const char* name) {
  auto* held = static_cast<Struct*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (held == nullptr) throw nb::python_error();
  return held;
}

[[noreturn]] void WrongStream(nb::handle object) {
  const std::string type = nb::cast<std::string>(nb::str(object.type().attr("__name__")));
  throw nb::type_error(("expected a stream of Arrow record batches (an object with "
                        "__arrow_c_stream__, as pyarrow's tables and readers, or an iterable of "
                        "pyarrow.RecordBatch), got " +
                        type)
                           .c_str());
}

std::shared_ptr<arrow::Schema> ImportSchema(const nb::object& object) {
  const nb::object capsule = object.attr("__arrow_c_schema__")();
  return ValueOrRaise(arrow::ImportSchema(Held<ArrowSchema>(capsule, kSchemaName)));
}

nb::object ExportSchema(const arrow::Schema& schema) {
  auto [capsule, c_schema] = NewCapsule<ArrowSchema, kSchemaName>();
  RaiseIfError(arrow::ExportSchema(schema, c_schema));
  return capsule;
}

nb::tuple ExportBatch(const arrow::RecordBatch& batch) {
  auto [schema, c_schema] = NewCapsule<ArrowSchema, kSchemaName>();
  auto [array, c_array] = NewCapsule<ArrowArray, kArrayName>();
  RaiseIfError(arrow::ExportRecordBatch(batch, c_array, c_schema));
  return nb::make_tuple(schema, array);
}

/// What comes through the C interface is memory that somebody else filled: it is looked at once,
/// here, before code reads it that trusts its offsets.
class ValidReader : public arrow::RecordBatchReader {
 public:
  explicit ValidReader(std::shared_ptr<arrow::RecordBatchReader> reader)
      : reader_(std::move(reader)) {}

  std::shared_ptr<arrow::Schema> schema() const override { return reader_->schema(); }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    ARROW_RETURN_NOT_OK(reader_->ReadNext(batch));
    return *batch == nullptr ? arrow::Status::OK() : AsDamagedData((*batch)->ValidateFull());
  }

  arrow::Status Close() override { return reader_->Close(); }

 private:
  const std::shared_ptr<arrow::RecordBatchReader> reader_;
};

std::shared_ptr<arrow::ChunkedArray> TakeColumn(nb::handle object) {
  if (nb::hasattr(object, "__arrow_c_array__")) {
    const auto capsules = nb::cast<nb::tuple>(object.attr("__arrow_c_array__")());
    auto* c_schema = Held<ArrowSchema>(capsules[0], kSchemaName);
    auto* c_array = Held<ArrowArray>(capsules[1], kArrayName);
    return std::make_shared<arrow::ChunkedArray>(
        ValueOrRaise(arrow::ImportArray(c_array, c_schema)));
  }
  const nb::object capsule = object.attr("__arrow_c_stream__")();
  return ValueOrRaise(arrow::ImportChunkedArray(Held<ArrowArrayStream>(capsule, kStreamName)));
}

}  // namespace

void BindArrow(nb::module_& module) {
  nb::class_<ArrowBatch>(module, "_Batch")
      .def(
          "__arrow_c_array__",
          [](const ArrowBatch& self, const nb::object&) { return ExportBatch(*self.batch); },
          nb::arg("requested_schema") = nb::none());
  nb::class_<ArrowSchemaHolder>(module, "_Schema")
      .def("__arrow_c_schema__",
           [](const ArrowSchemaHolder& self) { return ExportSchema(*self.schema); });
}

nb::object ExportStream(std::shared_ptr<arrow::RecordBatchReader> reader) {
  auto [capsule, c_stream] = NewCapsule<ArrowArrayStream, kStreamName>();
  RaiseIfError(arrow::ExportRecordBatchReader(std::move(reader), c_stream));
  return capsule;
}

std::shared_ptr<arrow::RecordBatchReader> ImportStream(nb::handle object,
                                                       std::shared_ptr<arrow::Schema> empty) {
  // pyarrow's readers may run Python code, whose exceptions would not come through C.
  if (nb::isinstance(object, nb::module_::import_("pyarrow").attr("RecordBatchReader"))) {
    return ReadReader(object, ImportSchema(object.attr("schema")));
  }
  const bool iterable = !nb::hasattr(object, "__arrow_c_stream__") &&
                        nb::hasattr(object, "__iter__") && !nb::isinstance<nb::str>(object) &&
                        !nb::isinstance<nb::bytes>(object);
  if (iterable) return ReadIterable(object, std::move(empty));
  if (!nb::hasattr(object, "__arrow_c_stream__")) WrongStream(object);
  const nb::object capsule = object.attr("__arrow_c_stream__")();
  auto* c_stream = Held<ArrowArrayStream>(capsule, kStreamName);
  return std::make_shared<ValidReader>(
      ValueOrRaise(WithoutGil([&] { return arrow::ImportRecordBatchReader(c_stream); })));
}

std::shared_ptr<arrow::RecordBatch> ImportBatch(nb::handle object) {
  if (!nb::hasattr(object, "__arrow_c_array__")) WrongStream(object);
  const auto capsules = nb::cast<nb::tuple>(object.attr("__arrow_c_array__")());
  auto* c_schema = Held<ArrowSchema>(capsules[0], kSchemaName);
  auto* c_array = Held<ArrowArray>(capsules[1], kArrayName);
  return ValueOrRaise(arrow::ImportRecordBatch(c_array, c_schema));
}

std::shared_ptr<arrow::ChunkedArray> ImportColumn(nb::handle object) {
  auto column = TakeColumn(object);
  RaiseIfError(WithoutGil([&] { return AsDamagedData(column->ValidateFull()); }));
  return column;
}

nb::object ToPyarrow(std::shared_ptr<arrow::RecordBatch> batch) {
  return nb::module_::import_("pyarrow").attr("record_batch")(ArrowBatch{std::move(batch)});
}

nb::object ToPyarrow(std::shared_ptr<arrow::Schema> schema) {
  return nb::module_::import_("pyarrow").attr("schema")(ArrowSchemaHolder{std::move(schema)});
}

}  // namespace pomona::python
