#include <arrow/record_batch.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "gil.h"
#include "interruptibly.h"
#include "options.h"
#include "owned_array.h"
#include "pomona/duplicates.h"
#include "pomona/neighbor_index.h"
#include "pomona/neighbors_run.h"
#include "raise.h"
#include "stream.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

using Queries = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

/// A path, or an iterable of paths.
std::vector<std::string> PathsOf(const nb::object& given) {
  if (nb::isinstance<nb::str>(given) || nb::isinstance<nb::bytes>(given) ||
      nb::hasattr(given, "__fspath__")) {
    return {PathOf(given)};
  }
  std::vector<std::string> paths;
  for (const nb::handle path : given) paths.push_back(PathOf(nb::borrow(path)));
  return paths;
}

Stream StreamOf(const std::shared_ptr<arrow::Schema>& schema,
                std::vector<std::shared_ptr<arrow::RecordBatch>> batches) {
  return Stream(ValueOrRaise(arrow::RecordBatchReader::Make(std::move(batches), schema)));
}

Stream FindNeighborsOf(const nb::object& table, const nb::object& queries,
                       const nb::kwargs& values) {
  Options given("neighbors", values);
  NeighborsRunOptions options;
  options.features = PathOf(table);
  if (!queries.is_none()) {
    options.photos = PathsOf(queries);
    if (options.photos.empty()) {
      RaiseIfError(arrow::Status::Invalid("option `queries` names no photo"));
    }
  }
  if (const nb::object of = given.Pop("of"); !of.is_none()) options.of = PathOf(of);
  given.Take("k", &options.search.k);
  std::string metric(NeighborMetricName(options.search.metric));
  given.Take("metric", &metric);
  options.search.metric = ValueOrRaise(ParseNeighborMetric(metric));
  given.Take("where", &options.where);
  if (const nb::object index = given.Pop("index"); !index.is_none()) options.index = PathOf(index);
  given.Take("column", &options.column);
  if (const nb::object model = given.Pop("model"); !model.is_none()) options.model = PathOf(model);
  given.Take("threads", &options.search.threads);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  auto report = Interruptibly(options.search.stop, [&] { return RunNeighbors(options); });
  return StreamOf(NeighborsSchema(), std::move(report.batches));
}

Stream FindDuplicatesOf(const nb::object& table, const nb::kwargs& values) {
  Options given("duplicates", values);
  DuplicatesRunOptions options;
  options.features = PathOf(table);
  given.Take("threshold", &options.duplicates.threshold);
  given.Take("column", &options.column);
  given.Take("threads", &options.duplicates.threads);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  auto report = Interruptibly(options.duplicates.stop, [&] { return RunDuplicates(options); });
  return StreamOf(DuplicatesSchema(), std::move(report.batches));
}

NeighborIndex OpenIndex(const nb::object& table, const nb::object& index,
                        const nb::kwargs& values) {
  Options given("NeighborIndex", values);
  NeighborIndexOptions options;
  options.features = PathOf(table);
  options.index = PathOf(index);
  given.Take("column", &options.column);
  given.Take("threads", &options.threads);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  return Interruptibly(options.stop, [&] { return NeighborIndex::Open(options); });
}

/// (ids [n, k], distances [n, k]).
nb::object FindInIndex(const NeighborIndex& self, const Queries& queries,
                       const nb::kwargs& values) {
  Options given("NeighborIndex.find", values);
  NeighborOptions options;
  std::string where;
  given.Take("k", &options.k);
  std::string metric(NeighborMetricName(options.metric));
  given.Take("metric", &metric);
  options.metric = ValueOrRaise(ParseNeighborMetric(metric));
  given.Take("where", &where);
  given.Take("threads", &options.threads);
  given.Finish();
  const FeatureView view = {.values = {queries.data(), queries.size()},
                            .dim = static_cast<int64_t>(queries.shape(1))};
  auto found = ValueOrRaise(WithoutGil([&] { return self.Find(view, options, where); }));
  const std::vector<size_t> shape = {queries.shape(0), static_cast<size_t>(found.k)};
  return nb::make_tuple(OwnedArray(std::move(found.ids), shape),
                        OwnedArray(std::move(found.distances), shape));
}

}  // namespace

void BindNeighbors(nb::module_& module) {
  module.def("neighbors", &FindNeighborsOf, nb::arg("table"), nb::arg("queries").none(),
             nb::arg("options"), "The nearest rows of a stored table.");
  nb::class_<NeighborIndex>(module, "CoreIndex")
      .def_static("open", &OpenIndex, nb::arg("table"), nb::arg("index"), nb::arg("options"))
      .def("find", &FindInIndex, nb::arg("queries").noconvert(), nb::arg("options"))
      .def("path", &NeighborIndex::path, nb::arg("id"))
      .def("label", &NeighborIndex::label, nb::arg("id"))
      .def_prop_ro("rows", &NeighborIndex::rows)
      .def_prop_ro("dim", &NeighborIndex::dim);
  module.def("duplicates", &FindDuplicatesOf, nb::arg("table"), nb::arg("options"),
             "Equal and near-equal rows of a stored table.");
}

}  // namespace pomona::python
