#include "pomona/model/openvino_core.h"

#include <regex>
#include <sstream>

namespace pomona {

ov::Core& OpenVino() {
  // Never destroyed: plugins unload in an order of their own at exit, and threads of
  // a compiled model may still be ending.
  static ov::Core* core = new ov::Core;
  return *core;
}

std::string OpenVinoMessage(std::string_view what) {
  static const std::regex kNoise(
      R"(^(Exception from .*|While validating .*|Check '.*' failed at .*|FrontEnd API failed with .*)$)");
  static const std::regex kPosition(R"(\s*(\bat |\bfrom )?\S*src/\S+\.[ch]pp:\d+:?\s*)");
  std::string message;
  std::istringstream lines{std::string(what)};
  for (std::string line; std::getline(lines, line);) {
    line = std::regex_replace(line, kNoise, "");
    line = std::regex_replace(line, kPosition, " ");
    const size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    line = line.substr(first, line.find_last_not_of(" \t\r:") - first + 1);
    if (message.find(line) != std::string::npos) continue;
    message += (message.empty() ? "" : "; ") + line;
  }
  if (message.empty()) return "no reason given by the inference engine";
  constexpr size_t kLongest = 400;
  if (message.size() > kLongest) message = message.substr(0, kLongest) + "...";
  return message;
}

arrow::Status OpenVinoError(arrow::StatusCode code, std::string_view doing,
                            const std::exception& error, std::string_view hint) {
  std::string message = std::string(doing) + ": " + OpenVinoMessage(error.what());
  if (!hint.empty()) message += "\nhint: " + std::string(hint);
  return arrow::Status(code, std::move(message));
}

}  // namespace pomona
