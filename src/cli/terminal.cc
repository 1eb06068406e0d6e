#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cmath>

#include "pomona/base/environment.h"

namespace pomona::cli {
namespace {

std::string Coloured(std::string_view text, std::FILE* stream, std::string_view code) {
  const bool plain = !IsTerminal(stream) || !FirstInEnvironment({"NO_COLOR"}).empty();
  return plain ? std::string(text) : fmt::format("\033[{}m{}\033[0m", code, text);
}

}  // namespace

bool IsTerminal(std::FILE* stream) { return ::isatty(::fileno(stream)) == 1; }

int TerminalWidth(std::FILE* stream) {
  winsize size{};
  const bool known = ::ioctl(::fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

std::string Red(std::string_view text, std::FILE* stream) { return Coloured(text, stream, "31"); }
std::string Green(std::string_view text, std::FILE* stream) { return Coloured(text, stream, "32"); }
std::string Blue(std::string_view text, std::FILE* stream) { return Coloured(text, stream, "34"); }
std::string Bold(std::string_view text, std::FILE* stream) { return Coloured(text, stream, "1"); }

std::string Thousands(int64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<int64_t>(digits.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3) {
    digits.insert(static_cast<size_t>(at), ",");
  }
  return digits;
}

std::string Bytes(int64_t bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string Duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  constexpr double kHour = 3600;
  if (seconds >= 1e6 * kHour) return fmt::format("{:.2e} h", seconds / kHour);
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace pomona::cli
