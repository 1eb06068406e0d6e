#include "pomona/source/local/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "fetch_all.h"
#include "pomona/reject.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Names(const std::vector<ListedFile>& refs, const std::string& root) {
  std::vector<std::string> names;
  for (const ListedFile& ref : refs) {
    EXPECT_TRUE(ref.uri.starts_with("file:" + root + "/")) << ref.uri;
    names.push_back(ref.uri.substr(root.size() + 6));
  }
  return names;
}

class LocalSourceTest : public ::testing::Test {
 protected:
  std::vector<std::string> List() { return Names(Refs(), folder_.string()); }
  std::vector<ListedFile> Refs() { return ListAll(*source_, folder_.string()).ValueOrDie(); }

  TempFolder folder_;
  std::shared_ptr<Source> source_ = MakeLocalSource(4);
};

TEST_F(LocalSourceTest, follows_links_to_files_and_folders) {
  TempFolder elsewhere;
  elsewhere.Write("deep/1.jpg", "one");
  folder_.Write("2.jpg", "two");
  std::filesystem::create_symlink(elsewhere.path() / "deep", folder_.path() / "linked");
  std::filesystem::create_symlink(elsewhere.path() / "deep/1.jpg", folder_.path() / "a.jpg");
  EXPECT_THAT(List(), ElementsAre("2.jpg", "a.jpg", "linked/1.jpg"));
  EXPECT_EQ(FetchOne(*source_, Refs()[1]).ValueOrDie(), "one");
}

TEST_F(LocalSourceTest, loop_of_links_ends) {
  folder_.Write("a/1.jpg", "one");
  std::filesystem::create_directory_symlink(folder_.path(), folder_.path() / "a/up");
  std::filesystem::create_directory_symlink(folder_.path() / "a", folder_.path() / "a/self");
  EXPECT_THAT(List(), ElementsAre("a/1.jpg"));
}

TEST_F(LocalSourceTest, dangling_link_is_listed_and_rejected) {
  std::filesystem::create_symlink(folder_.path() / "gone", folder_.path() / "a.jpg");
  EXPECT_THAT(List(), ElementsAre("a.jpg"));
  EXPECT_EQ(RejectReasonOf(FetchOne(*source_, Refs()[0]).status()), RejectReason::kNotFound);
}

TEST_F(LocalSourceTest, pipes_are_left_out) {
  ASSERT_EQ(mkfifo((folder_.path() / "p.jpg").c_str(), 0600), 0);
  folder_.Write("x.jpg", "x");
  EXPECT_THAT(List(), ElementsAre("x.jpg"));
  EXPECT_THAT(
      source_->List(Address((folder_.path() / "p.jpg").string()), arrow::StopToken::Unstoppable())
          .status()
          .message(),
      HasSubstr("neither a folder nor a file"));
}

TEST_F(LocalSourceTest, name_that_is_not_utf8_is_read) {
  folder_.Write("caf\xe9/\xff.jpg", "bytes");
  folder_.Write("cafe/1.jpg", "1");
  folder_.Write("cag/1.jpg", "1");
  EXPECT_THAT(List(), ElementsAre("caf\\xe9/\\xff.jpg", "cafe/1.jpg", "cag/1.jpg"));
  EXPECT_EQ(FetchOne(*source_, Refs()[0]).ValueOrDie(), "bytes");
}

TEST_F(LocalSourceTest, name_that_looks_escaped_is_read_as_it_is) {
  folder_.Write("\\xff.jpg", "literal");
  EXPECT_EQ(FetchOne(*source_, Refs()[0]).ValueOrDie(), "literal");
}

TEST_F(LocalSourceTest, touched_file_is_changed) {
  const std::string path = folder_.Write("1.jpg", "one");
  const auto refs = Refs();
  std::filesystem::last_write_time(
      path, std::filesystem::last_write_time(path) + std::chrono::seconds(1));
  EXPECT_EQ(RejectReasonOf(FetchOne(*source_, refs[0]).status()), RejectReason::kChanged);
}

TEST_F(LocalSourceTest, unreadable_file_is_forbidden) {
  const std::string path = folder_.Write("1.jpg", "one");
  folder_.Write("2.jpg", "two");
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(path, std::filesystem::perms::none);
  // Root may read everything. Threads keep the file system user of the one that made them.
  constexpr uid_t kNobody = 65534;
  const int before = setfsuid(kNobody);
  source_ = MakeLocalSource(1);
  setfsuid(before);
  const auto got = FetchAll(*source_, Refs());
  EXPECT_EQ(RejectReasonOf(got[0].status()), RejectReason::kForbidden);
  EXPECT_EQ(got[1].ValueOrDie(), "two");
}

TEST_F(LocalSourceTest, other_spellings_of_a_uri_are_read) {
  const std::string path = folder_.Write("1.jpg", "one");
  ListedFile ref = Refs()[0];
  for (const char* prefix : {"", "file:", "file://"}) {
    ref.uri = prefix + path;
    EXPECT_EQ(FetchOne(*source_, ref).ValueOrDie(), "one") << ref.uri;
  }
}

TEST_F(LocalSourceTest, pipe_that_is_named_holds_up_nobody) {
  const std::string pipe = (folder_.path() / "p.jpg").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const auto got = FetchOne(*source_, ListedFile{pipe, kUnknownSize, 0, ""});
  EXPECT_EQ(RejectReasonOf(got.status()), RejectReason::kIoError);
}

TEST_F(LocalSourceTest, counts_one_request_a_file) {
  for (int i = 0; i < 100; ++i) folder_.Write(std::to_string(i) + ".jpg", "12345");
  for (const auto& got : FetchAll(*source_, Refs())) EXPECT_EQ(got.ValueOrDie(), "12345");
  const FetchCounters counters = source_->counters();
  EXPECT_EQ(counters.requests, 100);
  EXPECT_EQ(counters.retries, 0);
  EXPECT_EQ(counters.bytes, 500);
  EXPECT_GT(counters.busy_ns, 0);
}

TEST_F(LocalSourceTest, destructor_waits_for_fetches) {
  folder_.Write("1.jpg", "one");
  const ImageRef ref = ToFetch(Refs()[0]);
  std::atomic<int> done{0};
  for (int i = 0; i < 50; ++i) source_->Fetch(ref, [&](auto) { ++done; });
  source_.reset();
  EXPECT_EQ(done, 50);
}

}  // namespace
}  // namespace pomona
