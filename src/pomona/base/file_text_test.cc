#include "pomona/base/file_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::HasSubstr;

TEST(FileTextTest, is_every_byte_of_the_file) {
  const TempFolder folder;
  std::string text = "first\r\n";
  text.resize(100'000);
  EXPECT_EQ(*FileText(folder.Write("file", text)), text);
  EXPECT_EQ(*FileText(folder.Write("empty", "")), "");
}

TEST(FileTextTest, says_why_it_cannot_be_read) {
  const TempFolder folder;
  const arrow::Status missing = FileText(folder.string() + "/missing").status();
  EXPECT_TRUE(missing.IsIOError());
  EXPECT_THAT(missing.message(), HasSubstr("/missing`: No such file"));
  const arrow::Status directory = FileText(folder.string()).status();
  EXPECT_TRUE(directory.IsIOError());
  EXPECT_THAT(directory.message(), HasSubstr("Is a directory"));
}

}  // namespace
}  // namespace pomona
