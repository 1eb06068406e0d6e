#include "pomona/locate/boxes.h"

#include <algorithm>
#include <utility>

namespace pomona {
namespace {

/// What a window looks like; -1: nothing.
struct Look {
  int64_t label = -1;
  float score = 0;
};

/// Takes the windows that touch `start` and look like it, and leaves none of them.
CellBox TakeGroup(const Windows& windows, int start, std::vector<Look>& looks) {
  const int64_t label = looks[static_cast<size_t>(start)].label;
  int left = windows.columns;
  int top = windows.rows;
  int right = 0;
  int bottom = 0;
  CellBox box{.label = label};
  std::vector<int> open = {start};
  box.score = looks[static_cast<size_t>(start)].score;
  looks[static_cast<size_t>(start)].label = -1;
  while (!open.empty()) {
    const int row = open.back() / windows.columns;
    const int column = open.back() % windows.columns;
    open.pop_back();
    left = std::min(left, column);
    top = std::min(top, row);
    right = std::max(right, column);
    bottom = std::max(bottom, row);
    for (int y = std::max(row - 1, 0); y <= std::min(row + 1, windows.rows - 1); ++y) {
      for (int x = std::max(column - 1, 0); x <= std::min(column + 1, windows.columns - 1); ++x) {
        Look& look = looks[static_cast<size_t>(y * windows.columns + x)];
        if (look.label != label) continue;
        look.label = -1;
        box.score = std::max(box.score, look.score);
        open.push_back(y * windows.columns + x);
      }
    }
  }
  box.x = left;
  box.y = top;
  box.width = right - left + windows.width;
  box.height = bottom - top + windows.height;
  return box;
}

}  // namespace

Windows WindowsOf(const FeatureMap& map, int cells) {
  Windows windows;
  windows.height = std::min(cells, map.height);
  windows.width = std::min(cells, map.width);
  windows.rows = map.height - windows.height + 1;
  windows.columns = map.width - windows.width + 1;
  const auto dim = static_cast<size_t>(map.dim);
  windows.features.resize(static_cast<size_t>(windows.rows * windows.columns) * dim);
  const float share = 1.0F / static_cast<float>(windows.height * windows.width);
  float* out = windows.features.data();
  for (int row = 0; row < windows.rows; ++row) {
    for (int column = 0; column < windows.columns; ++column, out += dim) {
      for (int y = row; y < row + windows.height; ++y) {
        for (int x = column; x < column + windows.width; ++x) {
          const float* cell = map.cells.data() + static_cast<size_t>(y * map.width + x) * dim;
          for (size_t i = 0; i < dim; ++i) out[i] += cell[i] * share;
        }
      }
    }
  }
  return windows;
}

std::vector<CellBox> FindBoxes(const FeatureMap& map, const Classifier& classifier, int cells,
                               double least_score, int threads) {
  const Windows windows = WindowsOf(map, cells);
  const int count = windows.rows * windows.columns;
  const auto answers = classifier.Answer(windows.features.data(), count, threads);
  std::vector<Look> looks(static_cast<size_t>(count));
  const auto classes = static_cast<ptrdiff_t>(classifier.classes());
  for (size_t w = 0; w < looks.size(); ++w) {
    const float score = 1 - answers.unknown[w];
    if (score < least_score) continue;
    const auto first = answers.probabilities.begin() + static_cast<ptrdiff_t>(w) * classes;
    looks[w] = {std::max_element(first, first + classes) - first, score};
  }
  std::vector<CellBox> boxes;
  for (int w = 0; w < count; ++w) {
    if (looks[static_cast<size_t>(w)].label >= 0) boxes.push_back(TakeGroup(windows, w, looks));
  }
  std::stable_sort(boxes.begin(), boxes.end(),
                   [](const CellBox& a, const CellBox& b) { return a.score > b.score; });
  return boxes;
}

}  // namespace pomona
