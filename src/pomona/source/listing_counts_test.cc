#include "pomona/source/listing_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ListingCounts, suffix_of_a_name) {
  EXPECT_EQ(SuffixOf("a.JPG"), ".jpg");
  EXPECT_EQ(SuffixOf("a.tar.gz"), ".gz");
  EXPECT_EQ(SuffixOf("a"), "");
  EXPECT_EQ(SuffixOf(".bashrc"), "");
  EXPECT_EQ(SuffixOf("a."), "");
  EXPECT_EQ(SuffixOf(""), "");
  EXPECT_EQ(SuffixOf("the end. And more"), "");
  EXPECT_EQ(SuffixOf("a.x\ny"), "");
  EXPECT_EQ(SuffixOf("a.a-very-long-end-of-a-name"), "");
}

TEST(ListingCounts, suffixes_are_bounded_and_no_file_is_lost) {
  ListingCounts counts;
  for (int i = 0; i < 1000; ++i) counts.AddNotTaken("file:/d/a.s" + std::to_string(i), false);
  counts.AddNotTaken("file:/d/b.s0", false);
  const ListingSummary summary = counts.summary();
  EXPECT_EQ(summary.not_taken, 1001);
  EXPECT_EQ(summary.not_taken_by_suffix.size(), 64U);
  EXPECT_EQ(summary.not_taken_by_suffix.at(".s0"), 2);
  EXPECT_THAT(summary.Remarks(), ElementsAre(HasSubstr("1001 other files not taken: 2 .s0, ")));
  EXPECT_THAT(summary.Remarks(), ElementsAre(HasSubstr(", 992 others; option `glob` takes them")));
}

TEST(ListingCounts, nothing_left_out_is_nothing_to_say) {
  ListingCounts counts;
  counts.AddReferences(3);
  EXPECT_THAT(counts.summary().Remarks(), IsEmpty());
}

TEST(ListingCounts, what_was_not_taken_in_a_line_the_most_first) {
  ListingSummary summary;
  summary.not_taken = 7;
  summary.not_taken_by_suffix = {{"", 1}, {".bmp", 4}, {".txt", 2}};
  EXPECT_THAT(
      summary.Remarks(),
      ElementsAre("7 other files not taken: 4 .bmp, 2 .txt, 1 without suffix; option `glob` takes "
                  "them"));
  summary = {};
  summary.not_taken = 1;
  summary.not_taken_by_suffix = {{".txt", 1}};
  EXPECT_THAT(summary.Remarks(), ElementsAre(HasSubstr("1 other file not taken: 1 .txt")));
}

TEST(ListingCounts, labels_that_are_missing_are_a_warning_with_an_example) {
  ListingCounts counts;
  counts.AddReferences(2000);
  counts.AddUnlabelled("file:/d/1.jpg");
  EXPECT_THAT(
      counts.summary().Remarks(),
      ElementsAre("warning: 1 of 2000 images (under 0.1 %) have no label: option `label` finds "
                  "none in file:/d/1.jpg"));
  for (int i = 1; i < 1999; ++i) counts.AddUnlabelled("file:/d/2.jpg");
  EXPECT_THAT(counts.summary().Remarks(),
              ElementsAre(HasSubstr("warning: 1999 of 2000 images (99.9 %) have no label")));
  counts.AddUnlabelled("file:/d/3.jpg");
  EXPECT_THAT(
      counts.summary().Remarks(),
      ElementsAre("warning: no image has a label: option `label` finds none in file:/d/1.jpg"));
}

}  // namespace
}  // namespace pomona
