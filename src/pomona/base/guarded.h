#pragma once

#include <arrow/result.h>
#include <arrow/status.h>

#include <exception>
#include <thread>
#include <utility>

namespace pomona {

/// The exception that was caught, as a status: OutOfMemory where the system gave no memory or no
/// thread. Libraries throw, and so does C++ itself where an address space is limited.
arrow::Status StatusOf(const std::exception& error);

/// What `work` returns (a Status or a Result); what it throws, as a status. For the edges that no
/// exception may cross: the body of a thread, and callbacks.
template <typename Work>
auto Guarded(Work&& work) -> decltype(work()) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::exception& error) {
    return StatusOf(error);
  }
}

/// A thread that runs `body`, which must not throw. OutOfMemory if the system gives none.
template <typename Body>
arrow::Result<std::thread> StartThread(Body&& body) {
  return Guarded(
      [&]() -> arrow::Result<std::thread> { return std::thread(std::forward<Body>(body)); });
}

}  // namespace pomona
