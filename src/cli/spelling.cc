#include "cli/spelling.h"

#include <algorithm>

#include "pomona/options.h"

namespace pomona::cli {
namespace {

/// An option of a command of its own is its name.
std::string FlagOf(std::string_view name) {
  if (const Option* option = FindOption(name)) return option->flag();
  std::string flag = "--" + std::string(name);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

/// As a shell takes it.
std::string Word(std::string_view value) {
  const bool plain = value.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789_-./%") == value.npos;
  return plain ? std::string(value) : "'" + std::string(value) + "'";
}

}  // namespace

std::string Spelt(std::string_view message) {
  return SpellOptions(message, [](std::string_view name, std::string_view value) {
    return value.empty() ? FlagOf(name) : FlagOf(name) + " " + Word(value);
  });
}

}  // namespace pomona::cli
