#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace pomona::python {

/// A numpy array that owns `values`.
template <class Value>
nanobind::object OwnedArray(std::vector<Value> values, const std::vector<size_t>& shape) {
  namespace nb = nanobind;
  auto* held = new std::vector<Value>(std::move(values));
  const nb::capsule owner(held,
                          [](void* all) noexcept { delete static_cast<std::vector<Value>*>(all); });
  return nb::cast(nb::ndarray<nb::numpy, Value>(held->data(), shape.size(), shape.data(), owner));
}

}  // namespace pomona::python
