#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pomona {

/// Names, each with a number: 0 for the first that was added, and so on. For one thread.
class NameIndex {
 public:
  /// The number of `name`, which gets one if it has none.
  int32_t Add(std::string_view name) {
    const auto known = numbers_.find(name);
    if (known != numbers_.end()) return known->second;
    // A deque: names stay where they are, for the views of them.
    names_.emplace_back(name);
    return numbers_.emplace(names_.back(), size() - 1).first->second;
  }

  std::optional<int32_t> Find(std::string_view name) const {
    const auto known = numbers_.find(name);
    return known == numbers_.end() ? std::nullopt : std::optional(known->second);
  }

  int32_t size() const { return static_cast<int32_t>(names_.size()); }
  const std::string& name(int32_t number) const { return names_[static_cast<size_t>(number)]; }

 private:
  std::deque<std::string> names_;
  std::unordered_map<std::string_view, int32_t> numbers_;
};

}  // namespace pomona
