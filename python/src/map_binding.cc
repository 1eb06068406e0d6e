#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "interruptibly.h"
#include "options.h"
#include "owned_array.h"
#include "pomona/map.h"
#include "raise.h"
#include "report_dict.h"

namespace pomona::python {
namespace nb = nanobind;
namespace {

using RowsInMemory = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

void TakeProjection(Options& given, ProjectionOptions* options) {
  given.Take("neighbors", &options->neighbors);
  std::string metric(NeighborMetricName(options->metric));
  given.Take("metric", &metric);
  options->metric = ValueOrRaise(ParseNeighborMetric(metric));
  given.Take("threads", &options->threads);
}

nb::object MapTable(const nb::object& features, const nb::object& output,
                    const nb::kwargs& values) {
  Options given("map", values);
  MapOptions options;
  options.features = PathOf(features);
  options.output = PathOf(output);
  TakeProjection(given, &options.projection);
  given.Take("keep_features", &options.keep_features);
  given.Take("column", &options.column);
  given.Take("rows_per_file", &options.rows_per_file);
  given.Take("overwrite", &options.overwrite);
  TakeStorageOptions(given, &options.storage);
  given.Finish();
  arrow::StopSource stop;
  options.projection.stop = stop.token();
  return ReportDict(ValueOrRaise(Interruptibly(
                                     stop, [&] { return RunMap(options); }, [] {}))
                        .ToJson());
}

/// (x [n], y [n], ids [n, k], distances [n, k]).
nb::object ProjectRows(const RowsInMemory& rows, const nb::kwargs& values) {
  Options given("project", values);
  ProjectionOptions options;
  TakeProjection(given, &options);
  given.Finish();
  arrow::StopSource stop;
  options.stop = stop.token();
  const FeatureView view = {.values = {rows.data(), rows.size()},
                            .dim = static_cast<int64_t>(rows.shape(1))};
  auto made = ValueOrRaise(Interruptibly(
      stop, [&] { return ProjectToPlane(view, options); }, [] {}));
  const std::vector<size_t> points = {rows.shape(0)};
  const std::vector<size_t> pairs = {rows.shape(0), static_cast<size_t>(made.neighbors.k)};
  return nb::make_tuple(OwnedArray(std::move(made.x), points),
                        OwnedArray(std::move(made.y), points),
                        OwnedArray(std::move(made.neighbors.ids), pairs),
                        OwnedArray(std::move(made.neighbors.distances), pairs));
}

}  // namespace

void BindMap(nb::module_& module) {
  module.def("map", &MapTable, nb::arg("features"), nb::arg("output"), nb::arg("options"),
             "Gives the rows of a stored table a place in the plane.");
  module.def("project", &ProjectRows, nb::arg("rows").noconvert(), nb::arg("options"),
             "Rows in memory as points of the plane.");
}

}  // namespace pomona::python
