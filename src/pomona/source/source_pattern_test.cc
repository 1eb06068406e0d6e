#include "pomona/source/source_pattern.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

using Instead = std::optional<std::string>;

TEST(SourcePattern, the_folder_and_the_glob) {
  EXPECT_EQ(WithoutPattern("photos/*/*.jpg"), Instead("photos with option `glob=*.jpg`"));
  EXPECT_EQ(WithoutPattern("s3://b/p/*/*.jpg"), Instead("s3://b/p with option `glob=*.jpg`"));
  EXPECT_EQ(WithoutPattern("s3a://b/p/**/*.{jpg,png}"),
            Instead("s3a://b/p with option `glob=*.{jpg,png}`"));
  EXPECT_EQ(WithoutPattern("photos/*/1.jpg"), Instead("photos with option `glob=1.jpg`"));
  EXPECT_EQ(WithoutPattern("*.jpg"), Instead(". with option `glob=*.jpg`"));
  EXPECT_EQ(WithoutPattern("/*.jpg"), Instead("/ with option `glob=*.jpg`"));
  EXPECT_EQ(WithoutPattern("photos/img_??.jpg"), Instead("photos with option `glob=img_??.jpg`"));
  EXPECT_EQ(WithoutPattern("photos/[ab].jpg"), Instead("photos with option `glob=[ab].jpg`"));
}

TEST(SourcePattern, a_star_alone_needs_no_glob) {
  EXPECT_EQ(WithoutPattern("photos/*"), Instead("photos"));
  EXPECT_EQ(WithoutPattern("photos/*/"), Instead("photos"));
  EXPECT_EQ(WithoutPattern("photos/*/*"), Instead("photos"));
}

TEST(SourcePattern, folders_that_a_pattern_chooses_are_said) {
  EXPECT_EQ(WithoutPattern("photos/Apple*/*.jpg"),
            Instead("photos with option `glob=*.jpg`; folders cannot be chosen, as by Apple*"));
  EXPECT_EQ(WithoutPattern("photos/*/Test/*.jpg"),
            Instead("photos with option `glob=*.jpg`; folders cannot be chosen, as by Test"));
}

TEST(SourcePattern, other_sources_have_none) {
  EXPECT_EQ(WithoutPattern("photos/a b"), std::nullopt);
  EXPECT_EQ(WithoutPattern("photos}/{x"), std::nullopt);
  EXPECT_EQ(WithoutPattern("photos/]["), std::nullopt);
}

}  // namespace
}  // namespace pomona
