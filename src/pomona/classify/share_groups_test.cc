#include "pomona/classify/share_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <vector>

namespace pomona {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Le;

/// Rows of groups that are named by their sizes: group g has sizes[g] rows of labels[g].
struct Dealt {
  std::vector<int32_t> group, label;
  std::vector<int64_t> rows;

  Dealt(const std::vector<int>& labels, const std::vector<int>& sizes) {
    for (size_t g = 0; g < sizes.size(); ++g) {
      for (int i = 0; i < sizes[g]; ++i) {
        group.push_back(static_cast<int32_t>(g));
        label.push_back(labels[g]);
      }
    }
    rows.resize(group.size());
    std::iota(rows.begin(), rows.end(), 0);
  }
  GroupLabels Labelled(int32_t groups, int32_t labels) const {
    return GroupLabels::Of(group, label, rows, groups, labels);
  }
};

TEST(ShareGroups, counts_rows_of_a_group_by_label) {
  const std::vector<int32_t> group = {1, 0, 1, 1}, label = {2, 0, 0, 2};
  const std::vector<int64_t> chosen = {0, 2, 3};
  const auto rows = GroupLabels::Of(group, label, chosen, 3, 3);
  EXPECT_TRUE(rows.of(0).empty());
  EXPECT_TRUE(rows.of(2).empty());
  ASSERT_EQ(rows.of(1).size(), 2);
  EXPECT_EQ(rows.of(1)[0].label, 0);
  EXPECT_EQ(rows.of(1)[0].rows, 1);
  EXPECT_EQ(rows.of(1)[1].rows, 2);
}

TEST(ShareGroups, folds_have_labels_alike) {
  // Ten groups of five rows of each of three labels, in five folds: two of each.
  std::vector<int> labels, sizes(30, 5);
  for (int g = 0; g < 30; ++g) labels.push_back(g % 3);
  const Dealt dealt(labels, sizes);
  const std::vector<double> shares(5, 0.2);
  const auto bins = ShareGroups(dealt.Labelled(30, 3), shares, false, 7);
  std::array<std::array<int, 3>, 5> have = {};
  for (size_t g = 0; g < 30; ++g) ++have[static_cast<size_t>(bins[g])][g % 3];
  EXPECT_THAT(have, Each(ElementsAre(2, 2, 2)));
}

TEST(ShareGroups, the_first_bin_has_every_label) {
  // Two groups a label, and a share that would take half of all.
  std::vector<int> labels, sizes;
  for (int g = 0; g < 40; ++g) {
    labels.push_back(g / 2);
    sizes.push_back(g % 2 == 0 ? 60 : 58);
  }
  const Dealt dealt(labels, sizes);
  const std::vector<double> shares = {0.5, 0.5};
  const auto bins = ShareGroups(dealt.Labelled(40, 20), shares, true, 1);
  for (size_t g = 0; g < 40; g += 2) {
    EXPECT_EQ(bins[g], 0);
    EXPECT_EQ(bins[g + 1], 1);
  }
}

TEST(ShareGroups, a_share_is_kept_over_all_rows_where_labels_have_two_groups) {
  std::vector<int> labels, sizes(200, 10);
  for (int g = 0; g < 200; ++g) labels.push_back(g / 2);
  const Dealt dealt(labels, sizes);
  const std::vector<double> shares = {0.75, 0.25};
  const auto bins = ShareGroups(dealt.Labelled(200, 100), shares, true, 1);
  const int tested = std::accumulate(bins.begin(), bins.end(), 0);
  EXPECT_THAT(tested, AllOf(Ge(45), Le(55)));
}

TEST(ShareGroups, rows_without_groups_are_dealt_to_the_share) {
  std::vector<int> labels, sizes(1000, 1);
  for (int g = 0; g < 1000; ++g) labels.push_back(g < 900 ? 0 : 1);
  const Dealt dealt(labels, sizes);
  const std::vector<double> shares = {0.8, 0.2};
  const auto bins = ShareGroups(dealt.Labelled(1000, 2), shares, true, 3);
  EXPECT_NEAR(std::accumulate(bins.begin(), bins.begin() + 900, 0), 180, 2);
  EXPECT_NEAR(std::accumulate(bins.begin() + 900, bins.end(), 0), 20, 2);
}

TEST(ShareGroups, a_seed_says_the_order) {
  std::vector<int> labels(50, 0), sizes(50, 2);
  const auto rows = Dealt(labels, sizes).Labelled(50, 1);
  const std::vector<double> shares = {0.5, 0.5};
  EXPECT_EQ(ShareGroups(rows, shares, true, 1), ShareGroups(rows, shares, true, 1));
  EXPECT_NE(ShareGroups(rows, shares, true, 1), ShareGroups(rows, shares, true, 2));
}

}  // namespace
}  // namespace pomona
