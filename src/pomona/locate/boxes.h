#pragma once

#include <cstdint>
#include <vector>

#include "pomona/classifier.h"
#include "pomona/locate/map_network.h"

namespace pomona {

/// A part of a map, in cells, that looks like a class.
struct CellBox {
  int64_t label = 0;  ///< of Classifier::labels
  float score = 0;
  int x = 0, y = 0, width = 0, height = 0;
};

/// The mean of the map's cells in each window of `cells` x `cells` (fewer where the map is
/// smaller), row by row: [rows][columns][dim].
struct Windows {
  int rows = 0, columns = 0;
  int height = 0, width = 0;  ///< of a window, in cells
  std::vector<float> features;
};
Windows WindowsOf(const FeatureMap& map, int cells);

/// Windows that touch, side by side or at a corner, and look like the same class by at least
/// `least_score`, as one box; the best first, of equals the upper, then the left one. `classifier`
/// scores by cosine.
std::vector<CellBox> FindBoxes(const FeatureMap& map, const Classifier& classifier, int cells,
                               double least_score, int threads);

}  // namespace pomona
