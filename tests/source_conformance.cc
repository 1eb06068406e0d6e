#include "source_conformance.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "fetch_all.h"
#include "pomona/reject.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

}  // namespace

std::vector<ListedFile> SourceConformance::Refs() {
  auto refs = ListAll(*source_, store_->uri()).ValueOrDie();
  if (!store_->can().list_in_order) {
    std::sort(refs.begin(), refs.end(), [](const auto& a, const auto& b) { return a.uri < b.uri; });
  }
  return refs;
}

std::vector<std::string> SourceConformance::Names() {
  std::vector<std::string> names;
  const std::string root = store_->uri() + "/";
  for (const ListedFile& ref : Refs()) {
    EXPECT_TRUE(ref.uri.starts_with(root)) << ref.uri << " is not under " << root;
    names.push_back(ref.uri.substr(std::min(root.size(), ref.uri.size())));
  }
  return names;
}

bool SourceConformance::Allowed(const std::string& name) const {
  return name.find_first_of(store_->can().not_have_in_names) == std::string::npos;
}

TEST_P(SourceConformance, lists_in_byte_order_of_the_uri) {
  if (!store_->can().list_in_order) GTEST_SKIP() << "this source gives its files in another order";
  const std::vector<std::string> sorted = {"A.jpg",   "a b/1.jpg", "a-b/1.jpg",   "a.jpg",
                                           "a/1.jpg", "a/b/2.jpg", "a/b0.jpg",    "a0/1.jpg",
                                           "b.jpg",   "z/y/x.jpg", "\xc3\xa9.jpg"};
  for (auto name = sorted.rbegin(); name != sorted.rend(); ++name) store_->Write(*name, "x");
  EXPECT_EQ(Names(), sorted);
}

TEST_P(SourceConformance, lists_many_files) {
  std::vector<std::string> sorted;
  for (int i = 0; i < store_->can().hold_many; ++i) {
    char name[32];
    std::snprintf(name, sizeof(name), "many/%04d.jpg", i);
    sorted.push_back(name);
    store_->Write(name, "x");
  }
  EXPECT_EQ(Names(), sorted);
}

TEST_P(SourceConformance, gives_size_and_time) {
  store_->Write("five.jpg", "12345");
  store_->Write("none.jpg", "");
  const auto refs = Refs();
  ASSERT_EQ(refs.size(), 2u);
  EXPECT_EQ(refs[0].size, 5);
  EXPECT_EQ(refs[1].size, 0);
  EXPECT_GT(refs[0].mtime_us, 1'600'000'000'000'000);
}

TEST_P(SourceConformance, leaves_out_hidden_names_at_every_level) {
  for (const char* name :
       {"_SUCCESS", ".DS_Store", "part-00000-x.snappy.parquet", "_temporary/0/1.jpg", ".git/1.jpg",
        "a/_delta_log/2.jpg", "a/.b/3.jpg", "a/part-1.parquet/4.jpg"}) {
    store_->Write(name, "hidden");
  }
  for (const char* name : {"_x/1.jpg", "a/_DSC0002.JPG", "a/part-1.jpg", "a/x_y.z/1.jpg"}) {
    store_->Write(name, "x");
  }
  EXPECT_THAT(Names(), ElementsAre("_x/1.jpg", "a/_DSC0002.JPG", "a/part-1.jpg", "a/x_y.z/1.jpg"));
}

TEST_P(SourceConformance, odd_names_make_the_round_trip) {
  for (const std::string name :
       {"Apple Braeburn/3_100.jpg", "quote'\"/1.jpg", "line\nbreak.jpg", "100%.jpg", "a%20b.jpg",
        "hash#1.jpg", "what?.jpg", "plus+and&.jpg", "L\xc3\xa9mon/\xe6\xa2\xa8.jpg",
        "\xf0\x9f\x8d\x8e.jpg", "back\\slash.jpg", "semi;colon=.jpg", "tilde~()!*@$,.jpg",
        "<tag>&amp;.jpg", "co:lon.jpg", "[a]{b}^`|.jpg", " lead.jpg", "trail .jpg"}) {
    if (!Allowed(name)) continue;
    store_->Write(name, name);
    const auto names = Names();
    EXPECT_THAT(names, ElementsAre(name));
    const auto refs = Refs();
    if (refs.size() == 1) {
      const auto got = FetchOne(*source_, refs[0]);
      EXPECT_TRUE(got.ok() && *got == name) << name << ": " << got.status();
    }
    store_->Remove(name);
  }
}

TEST_P(SourceConformance, fetches_equal_bytes_with_one_request_each) {
  std::vector<std::string> contents;
  for (int i = 0; i < 60; ++i) {
    std::string bytes(i * i * 50, '\0');
    for (size_t n = 0; n < bytes.size(); ++n) bytes[n] = static_cast<char>(n * 31 + i);
    contents.push_back(bytes);
    char name[16];
    std::snprintf(name, sizeof(name), "%02d.jpg", i);
    store_->Write(name, bytes);
  }
  const auto got = FetchAll(*source_, Refs());
  ASSERT_EQ(got.size(), contents.size());
  int64_t bytes = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    ASSERT_TRUE(got[i].ok()) << got[i].status();
    EXPECT_EQ(*got[i], contents[i]) << i;
    bytes += static_cast<int64_t>(contents[i].size());
  }
  const FetchCounters counters = source_->counters();
  EXPECT_EQ(counters.requests - counters.retries, 60);
  EXPECT_EQ(counters.bytes, bytes);
  EXPECT_GT(counters.busy_ns, 0);
}

TEST_P(SourceConformance, unknown_size_is_read_whole) {
  std::vector<std::string> contents;
  std::vector<ListedFile> refs;
  for (int i = 0; i < 20; ++i) {
    contents.emplace_back(i * i * 900, static_cast<char>(i));
    const std::string name = "a b%20/" + std::to_string(i) + ".jpg";
    store_->Write(name, contents.back());
    refs.push_back({store_->uri() + "/" + name, kUnknownSize, 0, ""});
  }
  refs.push_back({store_->uri() + "/gone.jpg", kUnknownSize, 0, ""});
  const auto got = FetchAll(*source_, refs);
  for (size_t i = 0; i < contents.size(); ++i) {
    ASSERT_TRUE(got[i].ok()) << got[i].status();
    EXPECT_EQ(*got[i], contents[i]) << i;
  }
  EXPECT_EQ(RejectReasonOf(got.back().status()), RejectReason::kNotFound) << got.back().status();
  const FetchCounters counters = source_->counters();
  EXPECT_EQ(counters.requests - counters.retries, 21);
}

TEST_P(SourceConformance, empty_file_gives_no_bytes) {
  store_->Write("none.jpg", "");
  EXPECT_EQ(FetchOne(*source_, Refs()[0]).ValueOrDie(), "");
}

TEST_P(SourceConformance, vanished_file_is_not_found) {
  store_->Write("a.jpg", "a");
  store_->Write("b.jpg", "b");
  const auto refs = Refs();
  store_->Remove("a.jpg");
  const auto got = FetchAll(*source_, refs);
  EXPECT_EQ(RejectReasonOf(got[0].status()), RejectReason::kNotFound) << got[0].status();
  EXPECT_EQ(got[1].ValueOrDie(), "b");
}

TEST_P(SourceConformance, grown_and_shrunk_files_are_changed) {
  store_->Write("a.jpg", "12345");
  store_->Write("b.jpg", "12345");
  const auto refs = Refs();
  store_->Write("a.jpg", "123456");
  store_->Write("b.jpg", "1234");
  for (const auto& got : FetchAll(*source_, refs)) {
    EXPECT_EQ(RejectReasonOf(got.status()), RejectReason::kChanged) << got.status();
  }
}

TEST_P(SourceConformance, modified_file_of_the_same_size_is_changed) {
  if (!store_->can().tell_versions) {
    GTEST_SKIP() << "neither a version nor a time comes with the bytes";
  }
  store_->Write("a.jpg", "12345");
  const auto refs = Refs();
  // Longer than the clock tick of any file system.
  usleep(20'000);
  store_->Write("a.jpg", "54321");
  const auto got = FetchOne(*source_, refs[0]);
  EXPECT_EQ(RejectReasonOf(got.status()), RejectReason::kChanged) << got.status();
}

TEST_P(SourceConformance, one_file_is_a_source) {
  store_->Write("folder/one.jpg", "1");
  store_->Write("folder/one.jpg.txt", "2");
  const auto refs = ListAll(*source_, store_->uri() + "/folder/one.jpg").ValueOrDie();
  ASSERT_EQ(refs.size(), 1u);
  EXPECT_EQ(refs[0].uri, store_->uri() + "/folder/one.jpg");
  EXPECT_EQ(FetchOne(*source_, refs[0]).ValueOrDie(), "1");
}

TEST_P(SourceConformance, folder_does_not_take_in_its_neighbours) {
  store_->Write("Test/1.jpg", "1");
  store_->Write("Test2/2.jpg", "2");
  for (const char* spelling : {"/Test", "/Test/"}) {
    const auto refs = ListAll(*source_, store_->uri() + spelling).ValueOrDie();
    ASSERT_EQ(refs.size(), 1u) << spelling;
    EXPECT_EQ(refs[0].uri, store_->uri() + "/Test/1.jpg");
  }
}

TEST_P(SourceConformance, missing_source_is_an_io_error) {
  const auto status =
      source_->List(Address(store_->uri() + "/gone"), arrow::StopToken::Unstoppable()).status();
  EXPECT_TRUE(status.IsIOError()) << status;
  EXPECT_THAT(status.message(), HasSubstr("does not exist"));
}

TEST_P(SourceConformance, listing_can_be_stopped) {
  store_->Write("a/1.jpg", "1");
  arrow::StopSource stop;
  auto listing = source_->List(Address(store_->uri()), stop.token()).ValueOrDie();
  stop.RequestStop();
  const auto page = listing->Next();
  // S3 has the first page already, and the end after it.
  EXPECT_TRUE(page.status().IsCancelled() || listing->Next().ok());
  EXPECT_TRUE(source_->List(Address(store_->uri()), stop.token()).status().IsCancelled());
}

TEST_P(SourceConformance, image_of_unknown_size_above_the_limit_is_cut_off) {
  store_->Write("a.jpg", "123456");
  ImageRef ref{.uri = Address(store_->uri() + "/a.jpg"), .version = ""};
  ref.max_bytes = 5;
  EXPECT_EQ(RejectReasonOf(FetchOne(*source_, ref).status()), RejectReason::kTooManyBytes);
  ref.max_bytes = 6;
  EXPECT_EQ(FetchOne(*source_, ref).ValueOrDie(), "123456");
}

TEST_P(SourceConformance, end_of_a_listing_stays_the_end) {
  store_->Write("a.jpg", "1");
  auto listing =
      source_->List(Address(store_->uri()), arrow::StopToken::Unstoppable()).ValueOrDie();
  EXPECT_EQ(listing->Next()->size(), 1u);
  EXPECT_THAT(*listing->Next(), IsEmpty());
  EXPECT_THAT(*listing->Next(), IsEmpty());
}

}  // namespace pomona
