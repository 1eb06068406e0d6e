#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace pomona::cli {

bool IsTerminal(std::FILE* stream);

/// Columns of the terminal behind `stream`; 80 where there is none.
int TerminalWidth(std::FILE* stream);

/// `text` in a colour, if `stream` is a terminal and NO_COLOR is not set.
std::string Red(std::string_view text, std::FILE* stream);
std::string Green(std::string_view text, std::FILE* stream);
std::string Blue(std::string_view text, std::FILE* stream);
std::string Bold(std::string_view text, std::FILE* stream);

/// "1,234,567".
std::string Thousands(int64_t number);
/// "1.2 GiB".
std::string Bytes(int64_t bytes);
/// "1 h 02 min", "2 min 05 s", "3.4 s"; "1.23e+07 h" from a million hours on.
std::string Duration(double seconds);

}  // namespace pomona::cli
