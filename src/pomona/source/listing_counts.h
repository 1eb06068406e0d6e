#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "pomona/list.h"

namespace pomona {

/// What a file name ends in, in lower case: ".jpg". Empty if there is no dot in it but at its
/// beginning, or if what follows is long or holds spaces, and so is no suffix.
std::string SuffixOf(std::string_view name);

/// Adds up a ListingSummary. Thread-safe.
class ListingCounts {
 public:
  void AddReferences(int64_t count);
  /// A file that is no image by the rule; `by_todays`: but would be by the rule of today.
  void AddNotTaken(std::string_view uri, bool by_todays);
  void AddUnlabelled(std::string_view uri);
  ListingSummary summary() const;

 private:
  mutable std::mutex mutex_;
  ListingSummary summary_;
};

}  // namespace pomona
