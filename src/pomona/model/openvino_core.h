#pragma once

#include <arrow/status.h>

#include <exception>
#include <openvino/runtime/core.hpp>
#include <string>
#include <string_view>

namespace pomona {

/// The one ov::Core of this process. Only its CPU plugin is ever used: asking for
/// others costs seconds on machines that have them. Thread-safe.
ov::Core& OpenVino();

/// Error in the child of a fork whose parent has used OpenVino(): the child has none of its
/// threads, and whatever it gave to them would never end.
arrow::Status CheckOpenVinoProcess();

/// What OpenVINO said, as one line: without the source positions, the repeated
/// "Exception from" and the failed C++ conditions.
std::string OpenVinoMessage(std::string_view what);

/// "`doing`: message", with `hint` on a line of its own where there is one. OutOfMemory, whatever
/// `code` is, where that is what the system gave no more of.
arrow::Status OpenVinoError(arrow::StatusCode code, std::string_view doing,
                            const std::exception& error, std::string_view hint = {});

}  // namespace pomona
