#include "pomona/neighbours/row_splits.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(SplitOfPath, IsTheFirstFolderThatIsCalledAsASplit) {
  EXPECT_EQ(SplitOfPath("file:/data/Training/Lemon/1.jpg"), "training");
  EXPECT_EQ(SplitOfPath("s3a://bucket/TRAIN/test/1.jpg"), "training");
  EXPECT_EQ(SplitOfPath("Test/1.jpg"), "test");
  EXPECT_EQ(SplitOfPath("/x/val/1.jpg"), "validation");
  EXPECT_EQ(SplitOfPath("/x/Validation/1.jpg"), "validation");
}

TEST(SplitOfPath, IsNoneWhereNoFolderIs) {
  EXPECT_EQ(SplitOfPath("/data/testing/1.jpg"), "");
  EXPECT_EQ(SplitOfPath("/data/test"), "");  // a file
  EXPECT_EQ(SplitOfPath(""), "");
}

}  // namespace
}  // namespace pomona
