#include "pomona/projection/repulsion_field.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "pomona/base/random.h"

namespace pomona {
namespace {

constexpr int kPoints = 1'500;

/// Most of them in a small group, the others all over.
PlanePoints Scattered(float extent) {
  Random random(4);
  PlanePoints points;
  for (int i = 0; i < kPoints; ++i) {
    const float reach = i % 3 == 0 ? extent : 2;
    points.x.push_back(random.Range(-reach, reach));
    points.y.push_back(random.Range(0, reach / 2));
  }
  return points;
}

/// Compares with the sum over all pairs; errors are parts of the greatest.
void ExpectRight(RepulsionField& field, const PlanePoints& points) {
  RepulsionField::Values found;
  field.Compute(points, &found);
  double value_error = 0, slope_error = 0, greatest = 0, steepest = 0;
  for (size_t i = 0; i < points.x.size(); ++i) {
    double value = 0, along_x = 0, along_y = 0;
    for (size_t j = 0; j < points.x.size(); ++j) {
      const double dx = points.x[i] - points.x[j], dy = points.y[i] - points.y[j];
      const double kernel = 1 / (1 + dx * dx + dy * dy);
      value += kernel;
      along_x -= 2 * kernel * kernel * dx;
      along_y -= 2 * kernel * kernel * dy;
    }
    greatest = std::max(greatest, value);
    steepest = std::max(steepest, std::hypot(along_x, along_y));
    value_error = std::max(value_error, std::abs(value - found.value[i]));
    slope_error =
        std::max(slope_error, std::hypot(along_x - found.along_x[i], along_y - found.along_y[i]));
  }
  EXPECT_LT(value_error, 4e-3 * greatest);
  EXPECT_LT(slope_error, 4e-2 * steepest);
}

TEST(RepulsionField, IsTheSumOverAllPairs) {
  ThreadTeam team(2);
  RepulsionField field(team, 2);
  for (const float extent : {1e-4F, 10.0F, 50.0F, 90.0F, 20.0F}) {
    ExpectRight(field, Scattered(extent));
  }
}

TEST(RepulsionField, FarPointsDoNotTakeAllMemory) {
  ThreadTeam team(1);
  RepulsionField field(team, 1);
  RepulsionField::Values found;
  field.Compute({.x = {0, 1e6F}, .y = {0, 0}}, &found);
  EXPECT_LT(found.along_x[1], 1e-3);
}

}  // namespace
}  // namespace pomona
