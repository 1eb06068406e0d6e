#include "pomona/classify/slice_sets.h"

#include <algorithm>
#include <set>

namespace pomona {
std::vector<SliceSet> SliceSets(const std::vector<FeatureSlice>& slices) {
  std::vector<SliceSet> sets = {{"all", std::vector<bool>(slices.size(), true)}};
  std::vector<std::string> maps;
  bool others = false;
  for (const auto& slice : slices) {
    others |= slice.pool.empty();
    if (slice.pool.empty() || std::count(maps.begin(), maps.end(), slice.tensor) > 0) continue;
    maps.push_back(slice.tensor);
  }
  const auto set_of = [&](size_t first_maps, bool with_others) {
    std::vector<bool> uses;
    for (const auto& slice : slices) {
      const auto map = std::find(maps.begin(), maps.end(), slice.tensor) - maps.begin();
      uses.push_back(slice.pool.empty() ? with_others : map < static_cast<int64_t>(first_maps));
    }
    return uses;
  };
  if (maps.size() + (others ? 1 : 0) < 2) return sets;
  for (size_t count = 2; count <= maps.size(); ++count) {
    if (count == maps.size() && !others) break;  // that is all
    sets.push_back({"the first " + std::to_string(count) + " maps", set_of(count, false)});
  }
  constexpr size_t kEarly = 3;
  if (others && maps.size() > kEarly) {
    sets.push_back({"the first 3 maps and the last layer", set_of(kEarly, true)});
  }
  if (others) sets.push_back({"the last layer", set_of(0, true)});
  return sets;
}

std::vector<int64_t> FeaturesOf(const std::vector<FeatureSlice>& slices, const SliceSet& set) {
  std::vector<int64_t> features;
  int64_t feature = 0;
  for (size_t s = 0; s < slices.size(); ++s) {
    for (int i = 0; i < slices[s].length; ++i, ++feature) {
      if (set.uses[s]) features.push_back(feature);
    }
  }
  return features;
}

}  // namespace pomona
