#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "pomona/base/random.h"
#include "pomona/error_kind.h"
#include "pomona/projection.h"

namespace pomona {
namespace {

using testing::HasSubstr;

constexpr int64_t kDim = 24;

/// Rows of `clusters` clusters, one after the other in turn.
std::vector<float> Clusters(int64_t rows, int64_t clusters) {
  Random random(3);
  std::vector<float> centers(static_cast<size_t>(clusters * kDim));
  for (float& value : centers) value = random.Range(-1, 1);
  std::vector<float> values(static_cast<size_t>(rows * kDim));
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t d = 0; d < kDim; ++d) {
      values[static_cast<size_t>(i * kDim + d)] =
          centers[static_cast<size_t>(i % clusters * kDim + d)] + random.Range(-0.3F, 0.3F);
    }
  }
  return values;
}

PlaneProjection Projected(const std::vector<float>& values, ProjectionOptions options = {}) {
  return ProjectToPlane({.values = values, .dim = kDim}, options).ValueOrDie();
}

bool AllFinite(const PlaneProjection& made) {
  const auto finite = [](float value) { return std::isfinite(value); };
  return std::ranges::all_of(made.x, finite) && std::ranges::all_of(made.y, finite);
}

TEST(ProjectToPlane, RowsOfAClusterLieTogether) {
  constexpr int64_t kClusters = 5;
  const auto made = Projected(Clusters(400, kClusters));
  int right = 0;
  for (size_t i = 0; i < made.x.size(); ++i) {
    size_t nearest = i == 0 ? 1 : 0;
    const auto away = [&](size_t j) {
      return std::hypot(made.x[i] - made.x[j], made.y[i] - made.y[j]);
    };
    for (size_t j = 0; j < made.x.size(); ++j) {
      if (j != i && away(j) < away(nearest)) nearest = j;
    }
    right += nearest % kClusters == i % kClusters ? 1 : 0;
  }
  EXPECT_GE(right, 390);
  EXPECT_EQ(made.neighbors.k, 15);
  EXPECT_EQ(made.neighbors.ids.size(), made.x.size() * 15);
}

TEST(ProjectToPlane, ThreadsDoNotChangeIt) {
  const auto values = Clusters(1'000, 7);
  for (const auto metric : {NeighborMetric::kCosine, NeighborMetric::kEuclidean}) {
    const auto one = Projected(values, {.metric = metric, .threads = 1});
    const auto three = Projected(values, {.metric = metric, .threads = 3});
    EXPECT_EQ(one.x, three.x);
    EXPECT_EQ(one.y, three.y);
    EXPECT_EQ(one.neighbors.ids, three.neighbors.ids);
  }
}

TEST(ProjectToPlane, FewRowsHaveAPlace) {
  for (const int64_t rows : {1, 2, 3, 10}) {
    const auto made = Projected(Clusters(rows, 2));
    EXPECT_TRUE(AllFinite(made)) << rows;
    EXPECT_EQ(made.neighbors.k, std::min<int64_t>(15, rows - 1));
    EXPECT_EQ(made.x.size(), static_cast<size_t>(rows));
  }
}

TEST(ProjectToPlane, EqualRowsHaveAPlace) {
  for (const float value : {0.0F, 1.0F}) {
    const auto made = Projected(std::vector<float>(200 * kDim, value));
    EXPECT_TRUE(AllFinite(made));
  }
}

TEST(ProjectToPlane, RefusesBadInput) {
  const auto values = Clusters(20, 2);
  const auto status = [&](const ProjectionOptions& options) {
    return ProjectToPlane({.values = values, .dim = kDim}, options).status();
  };
  EXPECT_THAT(status({.neighbors = 1}).message(), HasSubstr("`neighbors` must be 2 to 1000"));
  EXPECT_THAT(status({.threads = -1}).message(), HasSubstr("threads"));
  EXPECT_TRUE(ProjectToPlane({}, {}).status().IsInvalid());
  auto odd = values;
  odd[kDim] = std::numeric_limits<float>::quiet_NaN();
  const auto damaged = ProjectToPlane({.values = odd, .dim = kDim}, {}).status();
  EXPECT_EQ(KindOf(damaged), ErrorKind::kData);
  EXPECT_THAT(damaged.message(), HasSubstr("row 1 "));
}

TEST(ProjectToPlane, StopsWhenAsked) {
  auto source = arrow::StopSource();
  source.RequestStop();
  const auto values = Clusters(20, 2);
  const auto status =
      ProjectToPlane({.values = values, .dim = kDim}, {.stop = source.token()}).status();
  EXPECT_TRUE(status.IsCancelled()) << status;
}

}  // namespace
}  // namespace pomona
