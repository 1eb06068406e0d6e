#pragma once

#include <arrow/util/cancel.h>
#include <nanobind/nanobind.h>

#include <chrono>
#include <future>
#include <optional>
#include <utility>

#include "gil.h"
#include "raise.h"

namespace pomona::python {

/// Does `work` on a thread of its own, and `meanwhile`, with the GIL, every 50 ms on this one. What
/// that raises, or a signal's handler, ends the work through `stop`, and is raised when it has
/// ended.
template <typename Work, typename Meanwhile>
auto Interruptibly(arrow::StopSource& stop, const Work& work, const Meanwhile& meanwhile) {
  std::optional<nanobind::python_error> raised;
  auto done = std::async(std::launch::async, work);
  const auto finished = [&] {
    return WithoutGil(
        [&] { return done.wait_for(std::chrono::milliseconds(50)) == std::future_status::ready; });
  };
  while (!finished()) {
    if (raised) continue;
    try {
      if (WithoutGil([] { return SignalRaised(/*keep=*/true); })) throw nanobind::python_error();
      meanwhile();
    } catch (nanobind::python_error& error) {
      raised.emplace(std::move(error));
      stop.RequestStop();
    }
  }
  auto result = done.get();
  if (raised) throw nanobind::python_error(std::move(*raised));
  return result;
}

/// The value of work that ends when `token`, an option of it, is told to; its error is raised.
template <typename Work>
auto Interruptibly(arrow::StopToken& token, const Work& work) {
  arrow::StopSource stop;
  token = stop.token();
  return ValueOrRaise(Interruptibly(stop, work, [] {}));
}

}  // namespace pomona::python
