#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "pomona/image/axis_weights.h"

namespace pomona::image {

/// The passes (HorizontalPass or VerticalPass) for the input sizes met last: most data sets
/// have few sizes, and a table costs about as much as a small image. Not thread-safe.
template <class Pass>
class PassCache {
 public:
  PassCache(int out_size, ResizeFilter filter) : out_size_(out_size), filter_(filter) {}

  /// Valid until the next call.
  const Pass* Get(int in_size) {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const auto& entry) { return entry.first == in_size; });
    if (found != entries_.end()) {
      std::rotate(entries_.begin(), found, found + 1);
      return entries_.front().second.get();
    }
    // Tables of very large images are not worth keeping.
    std::erase_if(entries_,
                  [](const auto& entry) { return entry.second->table_bytes() > kKeptBytes; });
    if (entries_.size() == kEntries) entries_.pop_back();
    auto pass = std::make_unique<Pass>(ComputeAxisWeights(in_size, out_size_, filter_));
    entries_.emplace(entries_.begin(), in_size, std::move(pass));
    return entries_.front().second.get();
  }

 private:
  static constexpr size_t kEntries = 8;
  static constexpr size_t kKeptBytes = 1 << 20;

  int out_size_;
  ResizeFilter filter_;
  std::vector<std::pair<int, std::unique_ptr<Pass>>> entries_;  // last used first
};

}  // namespace pomona::image
