#include <algorithm>

#include "pomona/options.h"

namespace pomona {
namespace {

constexpr std::string_view kBegin = "option `";

bool IsOfName(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
}

}  // namespace

const Option* FindOption(std::string_view name) {
  const auto table = RunOptionTable();
  const auto found = std::ranges::find(table, name, &Option::name);
  return found == table.end() ? nullptr : &*found;
}

std::string SpellOptions(std::string_view message, const OptionSpelling& spell) {
  std::string spelt;
  for (;;) {
    const size_t mark = message.find(kBegin);
    const size_t begin = mark + kBegin.size();
    const size_t end = mark == message.npos ? mark : message.find('`', begin);
    if (end == message.npos) return spelt.append(message);
    const std::string_view named = message.substr(begin, end - begin);
    const size_t equals = std::min(named.find('='), named.size());
    const std::string_view name = named.substr(0, equals);
    spelt += message.substr(0, mark);
    if (!name.empty() && std::ranges::all_of(name, IsOfName)) {
      spelt += spell(name, equals < named.size() ? named.substr(equals + 1) : std::string_view());
      message.remove_prefix(end + 1);
    } else {
      // What a user wrote, perhaps.
      spelt += kBegin;
      message.remove_prefix(begin);
    }
  }
}

}  // namespace pomona
