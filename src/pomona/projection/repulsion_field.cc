#include "pomona/projection/repulsion_field.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <numbers>

namespace pomona {
namespace {

constexpr double kSpacing = 0.5;
/// Nodes of a side at most: beyond them the spacing doubles.
constexpr int64_t kMostNodes = 4'096;
/// Nodes on either side of the outermost points.
constexpr int64_t kMargin = 2;
constexpr int64_t kPointsOfTask = 1'024;

/// The transform of the cubic spline's values at nodes, of frequency u of `size`.
double SplineShare(int64_t u, int64_t size) {
  return (2 + std::cos(2 * std::numbers::pi * static_cast<double>(u) / static_cast<double>(size))) /
         3;
}

}  // namespace

struct RepulsionField::Reach {
  int64_t first;
  std::array<float, 4> weight, slope;

  /// `at`: in nodes.
  explicit Reach(float at) : first(static_cast<int64_t>(at) - 1) {
    const float t = at - static_cast<float>(first + 1), s = 1 - t;
    weight = {s * s * s / 6, (4 - 3 * t * t * (2 - t)) / 6, (4 - 3 * s * s * (2 - s)) / 6,
              t * t * t / 6};
    slope = {-s * s / 2, t * (3 * t - 4) / 2, -s * (3 * s - 4) / 2, t * t / 2};
  }
};

RepulsionField::RepulsionField(ThreadTeam& team, int threads)
    : team_(team), threads_(threads), tiles_(static_cast<size_t>(threads)) {}

template <class Work>
void RepulsionField::ForTiles(int64_t tiles, const Work& work) {
  team_.Run(threads_, [&](int64_t task) {
    float* columns = tiles_[static_cast<size_t>(task)].get();
    float* scratch = columns + hartley_->size() * kHartleyColumns;
    for (int64_t tile = task; tile < tiles; tile += threads_) work(tile, columns, scratch);
  });
}

void RepulsionField::Fit(const PlanePoints& points) {
  const auto [left, right] = std::ranges::minmax(points.x);
  const auto [low, high] = std::ranges::minmax(points.y);
  const double extent = std::max(right - left, high - low);
  double spacing = kSpacing;
  while (extent / spacing > static_cast<double>(kMostNodes - 2 * kMargin - 2)) spacing *= 2;
  const auto needed = static_cast<int64_t>(extent / spacing) + 2 * kMargin + 2;
  const int64_t size = Hartley::SizeFor(2 * needed);
  frame_ = {.x = left - kMargin * spacing, .y = low - kMargin * spacing};
  if (size == 2 * nodes_ && spacing == spacing_) return;
  spacing_ = spacing;
  nodes_ = size / 2;
  hartley_ = std::make_unique<const Hartley>(size);
  for (auto& tile : tiles_) {
    tile = hwy::AllocateAligned<float>(static_cast<size_t>(2 * size * kHartleyColumns));
    if (tile == nullptr) throw std::bad_alloc();
  }
  grid_.resize(static_cast<size_t>(nodes_ * nodes_));
  spectrum_.resize(static_cast<size_t>(size * nodes_));
  MakeKernel();
}

void RepulsionField::MakeKernel() {
  const int64_t size = hartley_->size(), side = nodes_ + 1;
  const int64_t tiles = (side + kHartleyColumns - 1) / kHartleyColumns;
  const int64_t padded = tiles * kHartleyColumns;
  const auto mirrored = [size](int64_t i) { return std::min(i, size - i); };
  std::vector<float> half(static_cast<size_t>(padded * padded));
  ForTiles(tiles, [&](int64_t tile, float* columns, float* scratch) {
    for (int64_t i = 0; i < size; ++i) {
      for (int64_t c = 0; c < kHartleyColumns; ++c) {
        const double x = spacing_ * static_cast<double>(mirrored(i));
        const double y = spacing_ * static_cast<double>(tile * kHartleyColumns + c);
        columns[i * kHartleyColumns + c] = static_cast<float>(1 / (1 + x * x + y * y));
      }
    }
    hartley_->Transform(columns, scratch);
    for (int64_t u = 0; u < side; ++u) {
      for (int64_t c = 0; c < kHartleyColumns; ++c) {
        half[static_cast<size_t>((tile * kHartleyColumns + c) * padded + u)] =
            columns[u * kHartleyColumns + c];
      }
    }
  });
  kernel_.resize(static_cast<size_t>(side * side));
  std::vector<double> splines(static_cast<size_t>(side));
  for (int64_t u = 0; u < side; ++u) {
    splines[static_cast<size_t>(u)] = std::pow(SplineShare(u, size), 2) * static_cast<double>(size);
  }
  ForTiles(tiles, [&](int64_t tile, float* columns, float* scratch) {
    const int64_t first = tile * kHartleyColumns;
    for (int64_t i = 0; i < size; ++i) {
      std::copy_n(half.data() + mirrored(i) * padded + first, kHartleyColumns,
                  columns + i * kHartleyColumns);
    }
    hartley_->Transform(columns, scratch);
    for (int64_t v = 0; v < side; ++v) {
      for (int64_t u = first; u < std::min(side, first + kHartleyColumns); ++u) {
        kernel_[static_cast<size_t>(v * side + u)] =
            static_cast<float>(columns[v * kHartleyColumns + u - first] /
                               (splines[static_cast<size_t>(u)] * splines[static_cast<size_t>(v)]));
      }
    }
  });
}

void RepulsionField::Spread(const PlanePoints& points) {
  std::ranges::fill(grid_, 0.0F);
  for (size_t i = 0; i < points.x.size(); ++i) {
    const Reach x(static_cast<float>((points.x[i] - frame_.x) / spacing_));
    const Reach y(static_cast<float>((points.y[i] - frame_.y) / spacing_));
    for (size_t r = 0; r < 4; ++r) {
      float* row = grid_.data() + (y.first + static_cast<int64_t>(r)) * nodes_ + x.first;
      for (size_t c = 0; c < 4; ++c) row[c] += y.weight[r] * x.weight[c];
    }
  }
}

void RepulsionField::Convolve() {
  const int64_t size = hartley_->size(), side = nodes_ + 1;
  const int64_t tiles = nodes_ / kHartleyColumns;
  const auto copy = [](const float* from, float* to) { std::copy_n(from, kHartleyColumns, to); };
  ForTiles(tiles, [&](int64_t tile, float* columns, float* scratch) {
    const int64_t first = tile * kHartleyColumns;
    for (int64_t y = 0; y < nodes_; ++y) {
      copy(grid_.data() + y * nodes_ + first, columns + y * kHartleyColumns);
    }
    std::fill_n(columns + nodes_ * kHartleyColumns, nodes_ * kHartleyColumns, 0.0F);
    hartley_->Transform(columns, scratch);
    for (int64_t u = 0; u < size; ++u) {
      copy(columns + u * kHartleyColumns, spectrum_.data() + u * nodes_ + first);
    }
  });
  ForTiles(2 * tiles, [&](int64_t tile, float* columns, float* scratch) {
    float* rows = spectrum_.data() + tile * kHartleyColumns * nodes_;
    for (int64_t x = 0; x < nodes_; ++x) {
      for (int64_t c = 0; c < kHartleyColumns; ++c) {
        columns[x * kHartleyColumns + c] = rows[c * nodes_ + x];
      }
    }
    std::fill_n(columns + nodes_ * kHartleyColumns, nodes_ * kHartleyColumns, 0.0F);
    hartley_->Transform(columns, scratch);
    for (int64_t v = 0; v < size; ++v) {
      // The kernel is even along both axes, and the same if they change places.
      const float* row = kernel_.data() + std::min(v, size - v) * side;
      for (int64_t c = 0; c < kHartleyColumns; ++c) {
        const int64_t u = tile * kHartleyColumns + c;
        columns[v * kHartleyColumns + c] *= row[std::min(u, size - u)];
      }
    }
    hartley_->Transform(columns, scratch);
    for (int64_t c = 0; c < kHartleyColumns; ++c) {
      for (int64_t x = 0; x < nodes_; ++x) {
        rows[c * nodes_ + x] = columns[x * kHartleyColumns + c];
      }
    }
  });
  ForTiles(tiles, [&](int64_t tile, float* columns, float* scratch) {
    const int64_t first = tile * kHartleyColumns;
    for (int64_t u = 0; u < size; ++u) {
      copy(spectrum_.data() + u * nodes_ + first, columns + u * kHartleyColumns);
    }
    hartley_->Transform(columns, scratch);
    for (int64_t y = 0; y < nodes_; ++y) {
      copy(columns + y * kHartleyColumns, grid_.data() + y * nodes_ + first);
    }
  });
}

void RepulsionField::Compute(const PlanePoints& points, Values* values) {
  Fit(points);
  Spread(points);
  Convolve();
  const auto count = static_cast<int64_t>(points.x.size());
  for (auto* each : {&values->value, &values->along_x, &values->along_y}) {
    each->resize(points.x.size());
  }
  const auto per_unit = static_cast<float>(1 / spacing_);
  team_.Run((count + kPointsOfTask - 1) / kPointsOfTask, [&](int64_t task) {
    const int64_t end = std::min(count, (task + 1) * kPointsOfTask);
    for (auto i = static_cast<size_t>(task * kPointsOfTask); i < static_cast<size_t>(end); ++i) {
      const Reach x(static_cast<float>((points.x[i] - frame_.x) / spacing_));
      const Reach y(static_cast<float>((points.y[i] - frame_.y) / spacing_));
      float value = 0, along_x = 0, along_y = 0;
      for (size_t r = 0; r < 4; ++r) {
        const float* row = grid_.data() + (y.first + static_cast<int64_t>(r)) * nodes_ + x.first;
        float sum = 0, slope = 0;
        for (size_t c = 0; c < 4; ++c) {
          sum += x.weight[c] * row[c];
          slope += x.slope[c] * row[c];
        }
        value += y.weight[r] * sum;
        along_x += y.weight[r] * slope;
        along_y += y.slope[r] * sum;
      }
      values->value[i] = value;
      values->along_x[i] = along_x * per_unit;
      values->along_y[i] = along_y * per_unit;
    }
  });
}

}  // namespace pomona
