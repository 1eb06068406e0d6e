#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace pomona::python {

/// A numpy array that owns `values`.
template <class T>
nanobind::object NumpyArray(std::vector<T> values, const std::vector<size_t>& shape) {
  auto* held = new std::vector<T>(std::move(values));
  const nanobind::capsule owner(
      held, [](void* all) noexcept { delete static_cast<std::vector<T>*>(all); });
  return nanobind::cast(
      nanobind::ndarray<nanobind::numpy, T>(held->data(), shape.size(), shape.data(), owner));
}

}  // namespace pomona::python
