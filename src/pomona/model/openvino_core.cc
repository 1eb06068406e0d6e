#include "pomona/model/openvino_core.h"

#include <unistd.h>

#include <atomic>
#include <new>
#include <sstream>

#include "pomona/base/guarded.h"

namespace pomona {
namespace {

constexpr size_t kLongest = 400;

/// Of the process that uses the engine; 0 while none does.
std::atomic<pid_t> process{0};

/// Lines that only say where in OpenVINO's source something was noticed.
bool IsNoise(std::string_view line) {
  const bool position =
      line.starts_with("Exception from ") || line.starts_with("While validating ");
  const bool check = line.starts_with("Check '") && line.find("' failed at ") != line.npos;
  const bool frontend = line.starts_with("FrontEnd API failed with ");
  return position || check || frontend;
}

}  // namespace

ov::Core& OpenVino() {
  // Never destroyed: plugins unload in an order of their own at exit, and threads of
  // a compiled model may still be ending.
  static ov::Core* core = [] {
    process = getpid();
    return new ov::Core;
  }();
  return *core;
}

arrow::Status CheckOpenVinoProcess() {
  const pid_t owner = process;
  if (owner == 0 || owner == getpid()) return arrow::Status::OK();
  return arrow::Status::UnknownError(
      "a network was loaded before this process was forked, and its threads are not here",
      "\nhint: start such processes with multiprocessing's \"spawn\" or \"forkserver\" (a "
      "DataLoader: multiprocessing_context=\"spawn\"), or fork before anything is loaded");
}

std::string OpenVinoMessage(std::string_view what) {
  std::string message;
  std::istringstream lines{std::string(what)};
  for (std::string line; std::getline(lines, line) && message.size() <= kLongest;) {
    const size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    line = line.substr(first, line.find_last_not_of(" \t\r:") - first + 1);
    if (IsNoise(line) || message.find(line) != std::string::npos) continue;
    message += (message.empty() ? "" : "; ") + line;
  }
  if (message.empty()) return "no reason given by the inference engine";
  if (message.size() > kLongest) message = message.substr(0, kLongest) + "...";
  return message;
}

arrow::Status OpenVinoError(arrow::StatusCode code, std::string_view doing,
                            const std::exception& error, std::string_view hint) {
  // It catches what the system threw, and throws its text.
  const std::string_view what = error.what();
  for (const char* no_memory : {"std::bad_alloc", "can't alloc", "could not allocate"}) {
    if (what.find(no_memory) != what.npos) return StatusOf(std::bad_alloc());
  }
  std::string message = std::string(doing) + ": " + OpenVinoMessage(error.what());
  if (!hint.empty()) message += "\nhint: " + std::string(hint);
  return arrow::Status(code, std::move(message));
}

}  // namespace pomona
