#pragma once

#include <nanobind/nanobind.h>

namespace pomona::python {

/// Each adds one concept to the module. Order matters where one returns another's types.
void BindArrow(nanobind::module_& module);
void BindStream(nanobind::module_& module);
void BindList(nanobind::module_& module);
void BindExtract(nanobind::module_& module);
void BindOptions(nanobind::module_& module);
void BindRun(nanobind::module_& module);
void BindModels(nanobind::module_& module);
void BindPca(nanobind::module_& module);
void BindSplit(nanobind::module_& module);
void BindClassifier(nanobind::module_& module);
void BindReadFeatures(nanobind::module_& module);
void BindNeighbors(nanobind::module_& module);
void BindCurate(nanobind::module_& module);
void BindMap(nanobind::module_& module);
void BindRejectLimit(nanobind::module_& module);
void BindCheckOutput(nanobind::module_& module);

}  // namespace pomona::python
