#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "arrow_capsule.h"
#include "bindings.h"
#include "gil.h"
#include "options.h"
#include "pomona/error_kind.h"
#include "pomona/pca.h"
#include "pomona/pca_run.h"
#include "raise.h"
#include "stream.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

using arrow::Result;
using Matrix = nb::ndarray<nb::ro, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

[[noreturn]] void WrongRows(const nb::object& given, const char* expected) {
  const std::string type = nb::cast<std::string>(nb::str(given.type().attr("__name__")));
  throw nb::type_error(("expected " + std::string(expected) + ", got " + type).c_str());
}

constexpr char kMatrix[] = "a float32 or float64 array of two dimensions";

/// A numpy array of two dimensions, copied only where its rows do not lie one after the other.
Matrix MatrixOf(const nb::object& given) {
  Matrix matrix;
  if (!nb::try_cast(given, matrix) ||
      (matrix.dtype() != nb::dtype<float>() && matrix.dtype() != nb::dtype<double>())) {
    WrongRows(given, kMatrix);
  }
  return matrix;
}

/// `use(const T* rows, count, columns)` without the GIL, T float or double.
template <class Use>
auto WithRows(const Matrix& matrix, Use&& use) {
  const auto count = static_cast<int64_t>(matrix.shape(0));
  const auto columns = static_cast<int64_t>(matrix.shape(1));
  return WithoutGil([&] {
    return matrix.dtype() == nb::dtype<float>()
               ? use(static_cast<const float*>(matrix.data()), count, columns)
               : use(static_cast<const double*>(matrix.data()), count, columns);
  });
}

bool IsArrow(const nb::object& given) {
  return nb::hasattr(given, "__arrow_c_array__") || nb::hasattr(given, "__arrow_c_stream__");
}

nb::object ToPython(const arrow::Buffer& bytes) {
  return nb::bytes(bytes.data(), static_cast<size_t>(bytes.size()));
}

/// A read-only numpy array that views `values`, a part of `owner`.
template <class... Sizes>
nb::object View(const nb::object& owner, std::span<const double> values,
                std::initializer_list<size_t> shape, std::initializer_list<int64_t> strides = {}) {
  return nb::cast(nb::ndarray<nb::numpy, const double>(values.data(), shape, owner, strides));
}

/// pomona.PcaStatistics. Python's threads may use one at once: they wait for each other.
class PythonStatistics {
 private:
  template <class Work>
  auto Locked(Work&& work) {
    return WithoutGil([&] {
      std::lock_guard lock(mutex_);
      return work();
    });
  }

 public:
  explicit PythonStatistics(PcaStatistics statistics) : statistics_(std::move(statistics)) {}

  int64_t dim() const { return statistics_.dim(); }

  int64_t Count() {
    return Locked([&] { return statistics_.count(); });
  }

  /// Rows without features.
  int64_t Update(const nb::object& rows) {
    if (IsArrow(rows)) {
      const auto column = ImportColumn(rows);
      return ValueOrRaise(Locked([&] { return UpdateColumn(*column); }));
    }
    RaiseIfError(WithRows(MatrixOf(rows), [&](const auto* values, int64_t count, int64_t columns) {
      std::lock_guard lock(mutex_);
      if (columns != dim()) {
        return DamagedData("rows have ", columns, " features, not ", dim());
      }
      return statistics_.Update(values, count);
    }));
    return 0;
  }

  void Merge(PythonStatistics& other) {
    if (&other == this) {
      RaiseIfError(arrow::Status::Invalid("statistics cannot merge into themselves"));
    }
    RaiseIfError(WithoutGil([&] {
      std::scoped_lock lock(mutex_, other.mutex_);
      return statistics_.Merge(other.statistics_);
    }));
  }

  PcaModel Solve(const PcaOptions& options) {
    return ValueOrRaise(Locked([&] { return statistics_.Solve(options); }));
  }

  nb::object ToBytes() {
    return ToPython(*ValueOrRaise(Locked([&] { return statistics_.ToBytes(); })));
  }

 private:
  Result<int64_t> UpdateColumn(const arrow::ChunkedArray& column) {
    int64_t skipped = 0;
    int64_t row = 0;
    for (const auto& chunk : column.chunks()) {
      ARROW_ASSIGN_OR_RAISE(const int64_t more, statistics_.Update(*chunk, row));
      skipped += more;
      row += chunk->length();
    }
    return skipped;
  }

  std::mutex mutex_;
  PcaStatistics statistics_;
};

PcaStatistics StatisticsOf(const nb::bytes& bytes, int threads) {
  const std::span span(static_cast<const uint8_t*>(bytes.data()), bytes.size());
  return ValueOrRaise(WithoutGil([&] { return PcaStatistics::FromBytes(span, threads); }));
}

std::unique_ptr<PythonStatistics> StatisticsFromBytes(const nb::bytes& bytes, int threads) {
  return std::make_unique<PythonStatistics>(StatisticsOf(bytes, threads));
}

PcaModel ModelFromBytes(const nb::bytes& bytes) {
  const auto buffer = std::make_shared<arrow::Buffer>(static_cast<const uint8_t*>(bytes.data()),
                                                      static_cast<int64_t>(bytes.size()));
  return ValueOrRaise(WithoutGil([&] { return PcaModel::FromBytes(buffer); }));
}

template <class T>
nb::object Transformed(const PcaModel& model, const Matrix& rows, int threads) {
  const auto count = static_cast<size_t>(rows.shape(0));
  const auto k = static_cast<size_t>(model.k());
  std::unique_ptr<double[]> wide(new double[count * k]);
  WithRows(rows, [&](const auto* values, int64_t, int64_t) {
    model.Transform(values, static_cast<int64_t>(count), wide.get(), threads);
  });
  std::unique_ptr<T[]> values;
  if constexpr (std::is_same_v<T, double>) {
    values = std::move(wide);
  } else {
    values.reset(new T[count * k]);
    std::copy_n(wide.get(), count * k, values.get());
  }
  const nb::capsule owner(values.get(),
                          [](void* held) noexcept { delete[] static_cast<T*>(held); });
  return nb::cast(nb::ndarray<nb::numpy, T, nb::ndim<2>>(values.release(), {count, k}, owner));
}

/// [n, k], of the type of `given`.
nb::object Transform(const PcaModel& model, const nb::object& given, int threads) {
  const Matrix rows = MatrixOf(given);
  if (static_cast<int64_t>(rows.shape(1)) != model.dim()) {
    RaiseIfError(DamagedData("rows have ", rows.shape(1), " features, not ", model.dim()));
  }
  return rows.dtype() == nb::dtype<float>() ? Transformed<float>(model, rows, threads)
                                            : Transformed<double>(model, rows, threads);
}

Stream Project(const PcaModel& model, const nb::object& batches, const std::string& column,
               const std::string& features_as, int threads) {
  const FeatureFormat format = ValueOrRaise(ParseFeatureFormat(features_as));
  auto given = ImportStream(batches, arrow::schema({}));
  return Stream(ValueOrRaise(WithoutGil(
      [&] { return ProjectFeatures(std::move(given), model, column, format, threads); })));
}

PcaModel Load(const nb::object& path, const nb::object& given_storage) {
  nb::dict values;
  values["storage"] = given_storage;
  Options given("PcaModel.load", values);
  StorageOptions storage;
  TakeStorageOptions(given, &storage);
  given.Finish();
  const std::string name = PathOf(path);
  return ValueOrRaise(WithoutGil([&] { return LoadPcaModel(name, storage); }));
}

void BindModel(nb::module_& module) {
  using Self = nb::handle_t<PcaModel>;
  const auto size = [](int64_t number) { return static_cast<size_t>(number); };
  nb::class_<PcaModel>(module, "PcaModel", "Principal components. Immutable, thread-safe.")
      .def_prop_ro("dim", &PcaModel::dim)
      .def_prop_ro("k", &PcaModel::k)
      .def_prop_ro("rows", &PcaModel::rows)
      .def_prop_ro("center", &PcaModel::center)
      .def_prop_ro("standardize", &PcaModel::standardize)
      .def_prop_ro("components",
                   [=](Self self) {
                     const auto& model = nb::cast<const PcaModel&>(self);
                     return View(nb::borrow(self), model.components(),
                                 {size(model.dim()), size(model.k())}, {1, model.dim()});
                   })
      .def_prop_ro("explained_variance",
                   [=](Self self) {
                     const auto& model = nb::cast<const PcaModel&>(self);
                     return View(nb::borrow(self), model.ratio(), {size(model.k())});
                   })
      .def_prop_ro("scree",
                   [=](Self self) {
                     const auto& model = nb::cast<const PcaModel&>(self);
                     return View(nb::borrow(self), model.ratio(), {size(model.dim())});
                   })
      .def_prop_ro("variance",
                   [=](Self self) {
                     const auto& model = nb::cast<const PcaModel&>(self);
                     return View(nb::borrow(self), model.variance(), {size(model.dim())});
                   })
      .def_prop_ro("mean",
                   [=](Self self) {
                     const auto& model = nb::cast<const PcaModel&>(self);
                     return View(nb::borrow(self), model.mean(), {size(model.dim())});
                   })
      .def_prop_ro("scale",
                   [=](Self self) -> nb::object {
                     const auto& model = nb::cast<const PcaModel&>(self);
                     if (model.scale().empty()) return nb::none();
                     return View(nb::borrow(self), model.scale(), {size(model.dim())});
                   })
      .def("components_for", &PcaModel::ComponentsFor, nb::arg("share"))
      .def("transform", &Transform, nb::arg("rows"), nb::arg("threads") = 1)
      .def("project", &Project, nb::arg("batches"), nb::arg("column") = "features",
           nb::arg("features_as") = "array", nb::arg("threads") = 1)
      .def("to_bytes",
           [](const PcaModel& self) {
             return ToPython(*ValueOrRaise(WithoutGil([&] { return self.ToBytes(); })));
           })
      .def_static("from_bytes", &ModelFromBytes, nb::arg("data"))
      .def_static("load", &Load, nb::arg("path"), nb::kw_only(), nb::arg("storage") = nb::none())
      .def("__getstate__", [](const nb::object& self) { return self.attr("to_bytes")(); })
      .def("__setstate__", [](PcaModel& self, const nb::bytes& data) {
        new (&self) PcaModel(ModelFromBytes(data));
      });
}

}  // namespace

void BindPca(nb::module_& module) {
  BindModel(module);
  nb::class_<PythonStatistics>(module, "PcaStatistics",
                               "What principal components need to know of any number of rows.")
      .def(
          "__init__",
          [](PythonStatistics* self, int64_t dim, int threads) {
            new (self) PythonStatistics(ValueOrRaise(PcaStatistics::Make(dim, threads)));
          },
          nb::arg("dim"), nb::arg("threads") = 1)
      .def_prop_ro("dim", &PythonStatistics::dim)
      .def_prop_ro("count", &PythonStatistics::Count)
      .def("update", &PythonStatistics::Update, nb::arg("rows"))
      .def("merge", &PythonStatistics::Merge, nb::arg("other"))
      .def(
          "solve",
          [](PythonStatistics& self, std::optional<int64_t> k, std::optional<double> variance,
             bool center, bool standardize) {
            return self.Solve(
                {.k = k, .variance = variance, .center = center, .standardize = standardize});
          },
          nb::kw_only(), nb::arg("k") = nb::none(), nb::arg("variance") = nb::none(),
          nb::arg("center") = true, nb::arg("standardize") = false)
      .def("to_bytes", &PythonStatistics::ToBytes)
      .def_static("from_bytes", &StatisticsFromBytes, nb::arg("data"), nb::arg("threads") = 1)
      .def("__getstate__", [](const nb::object& self) { return self.attr("to_bytes")(); })
      .def("__setstate__", [](PythonStatistics& self, const nb::bytes& data) {
        new (&self) PythonStatistics(StatisticsOf(data, 1));
      });
}

}  // namespace pomona::python
