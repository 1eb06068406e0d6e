#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/features/feature_slices.h"

namespace pomona {

/// Some slices of a row, to be learned from.
struct SliceSet {
  std::string name;        ///< for people
  std::vector<bool> uses;  ///< [slices]
};

/// The sets that are worth a try: all; the first 2, 3, ... maps, which say what skin and colour are
/// like; the first three and what is no map, which says what a thing is; that alone. Of features of
/// one tensor only all.
std::vector<SliceSet> SliceSets(const std::vector<FeatureSlice>& slices);

/// The places in a row of the set's numbers, ascending.
std::vector<int64_t> FeaturesOf(const std::vector<FeatureSlice>& slices, const SliceSet& set);

}  // namespace pomona
