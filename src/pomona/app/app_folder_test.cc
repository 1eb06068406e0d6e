#include "pomona/app/app_folder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pomona/base/file_text.h"
#include "pomona/error_kind.h"
#include "temp_folder.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> NamesIn(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

/// An app of the least files.
void WriteOne(const fs::path& path, bool overwrite, const std::string& about) {
  AppFolder folder = AppFolder::Make(path, overwrite).ValueOrDie();
  ASSERT_TRUE(folder.Put("service_worker.js", "").ok());
  ASSERT_TRUE(folder.Put("app.json", about).ok());
  ASSERT_TRUE(folder.Put("icons/icon.svg", "<svg/>").ok());
  EXPECT_EQ(fs::exists(path), overwrite) << "before it is whole";
  ASSERT_TRUE(folder.Commit().ok());
}

TEST(AppFolder, appears_whole) {
  const TempFolder temp;
  WriteOne(temp.path() / "app", false, "{}");
  EXPECT_EQ(FileText((temp.path() / "app/icons/icon.svg").string()).ValueOrDie(), "<svg/>");
  EXPECT_EQ(NamesIn(temp.path()), std::vector<std::string>{"app"});
}

TEST(AppFolder, that_is_not_committed_leaves_nothing) {
  const TempFolder temp;
  { ASSERT_TRUE(AppFolder::Make(temp.path() / "app", false)->Put("app.json", "{}").ok()); }
  EXPECT_TRUE(NamesIn(temp.path()).empty());
}

TEST(AppFolder, that_is_there_is_replaced_if_that_was_asked_for) {
  const TempFolder temp;
  WriteOne(temp.path() / "app", false, "{\"old\":1}");
  EXPECT_EQ(KindOf(AppFolder::Make(temp.path() / "app", false).status()), ErrorKind::kRequest);
  WriteOne(temp.path() / "app", true, "{\"new\":1}");
  EXPECT_EQ(FileText((temp.path() / "app/app.json").string()).ValueOrDie(), "{\"new\":1}");
  EXPECT_EQ(NamesIn(temp.path()), std::vector<std::string>{"app"});
}

TEST(AppFolder, is_never_made_in_the_place_of_what_is_no_app) {
  const TempFolder temp;
  temp.Write("photos/1.jpg", "a photo");
  EXPECT_EQ(KindOf(AppFolder::Make(temp.path() / "photos", true).status()), ErrorKind::kRequest);
  WriteOne(temp.path() / "app", false, "{}");
  temp.Write("app/CNAME", "example.org");
  EXPECT_EQ(KindOf(AppFolder::Make(temp.path() / "app", true).status()), ErrorKind::kRequest);
  EXPECT_TRUE(fs::exists(temp.path() / "photos/1.jpg"));
  EXPECT_TRUE(fs::exists(temp.path() / "app/CNAME"));
}

TEST(AppFolder, wants_a_folder_to_lie_in) {
  const TempFolder temp;
  EXPECT_EQ(KindOf(AppFolder::Make(temp.path() / "no/app", false).status()), ErrorKind::kRequest);
}

}  // namespace
}  // namespace pomona
