#include "pomona/projection/plane_layout.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <utility>

#include "pomona/base/random.h"
#include "pomona/projection/repulsion_field.h"

namespace pomona {
namespace {

using arrow::Result;

constexpr int64_t kBlockPoints = 512;
/// Of the start: so small that all points first feel the same repulsion.
constexpr double kStartDeviation = 1e-4;
/// No point goes farther in one step.
constexpr float kLongestStep = 5;

/// Steps with neighbours that draw so many times as strongly.
struct Phase {
  int steps;
  float exaggeration;
  float momentum;
};
/// Groups find their place before they spread.
constexpr Phase kPhases[] = {{250, 12, 0.5F}, {500, 1, 0.8F}};

double MeanOf(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void Shift(std::vector<float>& values, double by) {
  for (float& value : values) value = static_cast<float>(value + by);
}

/// Around 0, of a small deviation along x, and no two at the same place: equal points would never
/// part.
void Prepare(PlanePoints& points) {
  Shift(points.x, -MeanOf(points.x));
  Shift(points.y, -MeanOf(points.y));
  double squares = 0;
  for (const float x : points.x) squares += double{x} * x;
  const double deviation = std::sqrt(squares / static_cast<double>(points.x.size()));
  const double scale = deviation > 0 ? kStartDeviation / deviation : 0;
  Random random(2);
  for (auto* axis : {&points.x, &points.y}) {
    for (float& value : *axis) {
      value = static_cast<float>(scale * value + kStartDeviation / 100 * (random.Share() - 0.5));
    }
  }
}

/// Where a point goes along one axis.
struct Motion {
  std::vector<float> speed, gain;

  explicit Motion(size_t points) : speed(points), gain(points, 1) {}

  /// A gain grows while the point keeps its direction (Jacobs, 1988).
  void Push(size_t i, float force, const Phase& phase, float rate) {
    gain[i] = force * speed[i] > 0 ? gain[i] + 0.2F : std::max(0.01F, gain[i] * 0.8F);
    speed[i] = phase.momentum * speed[i] + rate * gain[i] * force;
  }
};

class Layout {
 public:
  Layout(PlanePoints start, const NeighborGraph& graph, ThreadTeam& team, int threads)
      : points_(std::move(start)),
        graph_(graph),
        team_(team),
        field_(team, threads),
        x_(points_.x.size()),
        y_(points_.x.size()) {}

  void Step(const Phase& phase) {
    field_.Compute(points_, &repulsion_);
    const auto count = static_cast<double>(points_.x.size());
    // A point does not drive itself away.
    const double sum =
        std::accumulate(repulsion_.value.begin(), repulsion_.value.end(), 0.0) - count;
    // A grid is not exact: what is left of few points far apart may be anything near 0.
    const auto share = static_cast<float>(0.5 / std::max(sum, 1e-3 * count));
    const auto rate = static_cast<float>(count / phase.exaggeration);
    ForBlocks([&](size_t i) {
      float x = 0, y = 0;
      for (int64_t at = graph_.first[i]; at < graph_.first[i + 1]; ++at) {
        const auto e = static_cast<size_t>(at);
        const auto j = static_cast<size_t>(graph_.to[e]);
        const float dx = points_.x[j] - points_.x[i], dy = points_.y[j] - points_.y[i];
        const float pull = graph_.weight[e] / (1 + dx * dx + dy * dy);
        x += pull * dx;
        y += pull * dy;
      }
      x_.Push(i, phase.exaggeration * x - share * repulsion_.along_x[i], phase, rate);
      y_.Push(i, phase.exaggeration * y - share * repulsion_.along_y[i], phase, rate);
    });
    // All forces are of the places before the step.
    ForBlocks([&](size_t i) {
      // Not std::hypot, which would ask for a newer libc than the wheel may.
      const float length = std::sqrt(x_.speed[i] * x_.speed[i] + y_.speed[i] * y_.speed[i]);
      if (length > kLongestStep) {
        x_.speed[i] *= kLongestStep / length;
        y_.speed[i] *= kLongestStep / length;
      }
      points_.x[i] += x_.speed[i];
      points_.y[i] += y_.speed[i];
    });
    Shift(points_.x, -MeanOf(points_.x));
    Shift(points_.y, -MeanOf(points_.y));
  }

  PlanePoints Take() { return std::move(points_); }

 private:
  void ForBlocks(const std::function<void(size_t)>& work) {
    const auto count = static_cast<int64_t>(points_.x.size());
    team_.Run((count + kBlockPoints - 1) / kBlockPoints, [&](int64_t block) {
      const int64_t end = std::min(count, (block + 1) * kBlockPoints);
      for (int64_t i = block * kBlockPoints; i < end; ++i) work(static_cast<size_t>(i));
    });
  }

  PlanePoints points_;
  const NeighborGraph& graph_;
  ThreadTeam& team_;
  RepulsionField field_;
  RepulsionField::Values repulsion_;
  Motion x_, y_;
};

}  // namespace

Result<PlanePoints> LayOut(PlanePoints start, const NeighborGraph& graph, ThreadTeam& team,
                           int threads, const arrow::StopToken& stop) {
  Prepare(start);
  Layout layout(std::move(start), graph, team, threads);
  for (const Phase& phase : kPhases) {
    for (int step = 0; step < phase.steps; ++step) {
      ARROW_RETURN_NOT_OK(stop.Poll());
      layout.Step(phase);
    }
  }
  return layout.Take();
}

}  // namespace pomona
