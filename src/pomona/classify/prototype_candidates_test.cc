#include "pomona/classify/prototype_candidates.h"

#include <arrow/builder.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Rows of two features, of two classes in turns, seen as they are.
class PrototypeCandidatesTest : public testing::Test {
 protected:
  struct Row {
    float x, y;
    int32_t label;
    int32_t group = 0;
  };

  std::vector<std::vector<Prototype>> Choose(const std::vector<Row>& rows, int wanted,
                                             ScoreKind kind = ScoreKind::kDistance) {
    LearningRows which;
    which.labels = {"apple", "lemon"};
    LabelledBatch batch;
    arrow::StringBuilder paths;
    for (size_t r = 0; r < rows.size(); ++r) {
      which.label.push_back(rows[r].label);
      which.fold.push_back(rows[r].label < 0 ? LearningRows::kLeftOut : int8_t{0});
      if (grouped_) which.group.push_back(rows[r].group);
      batch.rows.push_back(static_cast<int64_t>(r));
      batch.features.insert(batch.features.end(), {rows[r].x, rows[r].y});
      EXPECT_TRUE(paths.Append("/" + std::to_string(r)).ok());
    }
    EXPECT_TRUE(paths.Finish(&batch.paths).ok());
    PrototypeCandidates candidates(which, wanted);
    candidates.Take(batch);
    const std::vector<double> mean = {0, 0};
    const std::vector<double> class_means = {0, 0, 10, 0};
    ThreadTeam team(2);
    return candidates.Choose(
        {.kind = kind, .mean = mean, .projection = {}, .class_means = class_means, .rank = 2,
         .weights = {}, .bias = {}},
        team);
  }

  static std::vector<std::string> PathsOf(const std::vector<Prototype>& prototypes) {
    std::vector<std::string> paths;
    for (const Prototype& one : prototypes) paths.push_back(one.path);
    return paths;
  }

  bool grouped_ = false;
};

TEST_F(PrototypeCandidatesTest, the_nearest_to_the_mean_then_what_is_far_from_it_in_the_half) {
  // Of eight apples half are near: 0, 1, 2, 3. The lemon has one row.
  const std::vector<Row> rows = {{1, 0, 0},  {-1, 0, 0}, {0, 0.5, 0}, {0.9F, 0, 0}, {9, 9, 0},
                                 {-9, 9, 0}, {9, -9, 0}, {8, 8, 0},   {10, 1, 1}};
  const auto chosen = Choose(rows, 3);
  EXPECT_THAT(PathsOf(chosen[0]), ElementsAre("/2", "/0", "/1"));
  EXPECT_THAT(chosen[0][1].position, ElementsAre(1, 0));
  EXPECT_THAT(PathsOf(chosen[1]), ElementsAre("/8"));
}

TEST_F(PrototypeCandidatesTest, other_groups_come_first) {
  grouped_ = true;
  const std::vector<Row> rows = {{0, 0, 0, 1}, {1, 0, 0, 1}, {0, 0.5, 0, 2}, {-1, 0, 0, 1},
                                 {9, 9, 0, 1}, {9, 8, 0, 3}, {9, 7, 0, 1},   {8, 8, 0, 1}};
  EXPECT_THAT(PathsOf(Choose(rows, 3)[0]), ElementsAre("/0", "/2", "/1"));
}

TEST_F(PrototypeCandidatesTest, equal_rows_and_rows_that_are_left_out_are_none) {
  const std::vector<Row> rows = {{1, 1, 0}, {1, 1, 0}, {1, 1, 0}, {0, 0, -1}};
  EXPECT_THAT(PathsOf(Choose(rows, 3)[0]), ElementsAre("/0"));
  EXPECT_THAT(Choose(rows, 3)[1], IsEmpty());
  EXPECT_THAT(Choose(rows, 0)[0], IsEmpty());
}

TEST_F(PrototypeCandidatesTest, the_angle_alone_counts_for_cosines) {
  // The mean of lemons lies along x.
  const std::vector<Row> rows = {{100, 1, 1}, {1, 0.5, 1}, {9, 3, 1}, {2, 2, 1}};
  EXPECT_THAT(PathsOf(Choose(rows, 1, ScoreKind::kCosine)[1]), ElementsAre("/0"));
  EXPECT_THAT(PathsOf(Choose(rows, 1, ScoreKind::kDistance)[1]), ElementsAre("/2"));
}

TEST_F(PrototypeCandidatesTest, of_many_rows_every_so_many_th_is_looked_at) {
  std::vector<Row> rows;
  for (int r = 0; r < 1000; ++r) rows.push_back({static_cast<float>(r), 0, 0});
  // The step is 4: 0, 4, ..., of which the half up to 499 is near, and 496 is the furthest.
  EXPECT_THAT(PathsOf(Choose(rows, 2)[0]), ElementsAre("/0", "/496"));
  EXPECT_THAT(Choose(rows, 20)[0], SizeIs(20));
}

}  // namespace
}  // namespace pomona
