#include "pomona/linalg/ridge.h"

#include <gtest/gtest.h>

#include <vector>

namespace pomona {
namespace {

/// Three classes around three corners of five dimensions, one of which tells nothing.
std::vector<float> Row(int label, int seed) {
  std::vector<float> row(5, 0.1F * static_cast<float>(seed % 7));
  row[static_cast<size_t>(label)] += 2;
  row[4] = static_cast<float>(seed * 31 % 17);
  return row;
}

TEST(Ridge, finds_the_class_of_rows_that_it_has_not_seen) {
  std::vector<float> rows;
  std::vector<int> labels;
  for (int i = 0; i < 60; ++i) {
    const auto row = Row(i % 3, i);
    rows.insert(rows.end(), row.begin(), row.end());
    labels.push_back(i % 3);
  }
  const Ridge ridge(rows, 5, labels, 3);
  for (int i = 100; i < 130; ++i) EXPECT_EQ(ridge.ClassOf(Row(i % 3, i)), i % 3) << i;
}

TEST(Ridge, takes_fewer_rows_than_dimensions_and_rows_that_are_equal) {
  const std::vector<float> rows = {1, 0, 0, 0, 1, 0, 0, 0};
  EXPECT_EQ(Ridge(rows, 4, std::vector<int>{1, 1}, 2).ClassOf(std::vector<float>{5, 1, 1, 1}), 1);
  const std::vector<float> apart = {1, 0, 0, 0, 0, 0, 0, 1};
  const Ridge ridge(apart, 4, std::vector<int>{0, 1}, 2);
  EXPECT_EQ(ridge.ClassOf(std::vector<float>{3, 0, 0, 0}), 0);
  EXPECT_EQ(ridge.ClassOf(std::vector<float>{0, 0, 0, 3}), 1);
}

}  // namespace
}  // namespace pomona
