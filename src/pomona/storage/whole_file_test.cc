#include "pomona/storage/whole_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "pomona/error_kind.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::HasSubstr;

class WholeFileTest : public testing::Test {
 protected:
  WholeFile At(const std::string& name) const {
    return WholeFile::At(folder_.string() + "/" + name, {}).ValueOrDie();
  }
  TempFolder folder_;
};

TEST_F(WholeFileTest, is_read_as_it_was_put_and_alone_in_its_folder) {
  const auto file = At("split.parquet");
  ASSERT_TRUE(file.CheckCanPut(false).ok());
  ASSERT_TRUE(file.Put("one").ok());
  ASSERT_TRUE(file.Put("another").ok());
  EXPECT_EQ(file.Get(100, "make one").ValueOrDie()->ToString(), "another");
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    ++files;
  }
  EXPECT_EQ(files, 1);
}

TEST_F(WholeFileTest, what_cannot_be_put_is_found_out_before) {
  folder_.Write("there", "x");
  EXPECT_THAT(At("there").CheckCanPut(false).message(),
              HasSubstr("exists\nhint: option `overwrite`"));
  EXPECT_TRUE(At("there").CheckCanPut(true).ok());
  EXPECT_THAT(At("").CheckCanPut(true).message(), HasSubstr("is a folder"));
  EXPECT_THAT(At("no/folder").CheckCanPut(true).message(), HasSubstr("there is no folder for"));
  EXPECT_EQ(KindOf(At("no/folder").CheckCanPut(true)), ErrorKind::kRequest);
}

TEST_F(WholeFileTest, a_file_that_is_missing_or_too_large_is_not_read) {
  const auto missing = At("missing").Get(100, "make one").status();
  EXPECT_EQ(KindOf(missing), ErrorKind::kRequest);
  EXPECT_THAT(missing.message(), HasSubstr("missing\nhint: make one"));
  EXPECT_THAT(At("").Get(100, "make one").status().message(), HasSubstr("this is a folder"));
  folder_.Write("large", "12345");
  EXPECT_THAT(At("large").Get(4, "make one").status().message(),
              HasSubstr("has 5 bytes, more than the 4"));
}

}  // namespace
}  // namespace pomona
