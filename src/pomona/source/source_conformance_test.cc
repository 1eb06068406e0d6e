// One suite for every store: the same expectations whatever lies behind Source. Real servers
// take part where the environment names them: POMONA_TEST_S3_ENDPOINT (and another S3 server,
// POMONA_TEST_S3PROXY_ENDPOINT) with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,
// POMONA_TEST_GCS_ENDPOINT, POMONA_TEST_AZURE_ENDPOINT with AZURE_STORAGE_KEY,
// POMONA_TEST_HDFS with ARROW_LIBHDFS_DIR and CLASSPATH.
#include <arrow/filesystem/localfs.h>
#include <arrow/filesystem/mockfs.h>
#include <arrow/filesystem/s3fs.h>
#include <arrow/io/interfaces.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "faulty_file_system.h"
#include "fetch_all.h"
#include "pomona/reject.h"
#include "pomona/source/arrow/source.h"
#include "pomona/source/source.h"
#include "pomona/storage/filesystem.h"
#include "pomona/storage/modified_utf8.h"
#include "pomona/storage/uri.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kFetches = 8;

// An empty folder in some store, written through Arrow and read through a Source.
class Store {
 public:
  virtual ~Store() = default;

  const std::string& uri() const { return uri_; }
  virtual std::shared_ptr<Source> Open() {
    return OpenSource(uri_, storage_, kFetches).ValueOrDie();
  }

  void Write(const std::string& name, const std::string& bytes) {
    const std::string path = PathOf(name);
    if (wants_folder(name)) {
      const arrow::Status made = location_.filesystem->CreateDir(path.substr(0, path.rfind('/')));
      ASSERT_TRUE(made.ok()) << made;
    }
    auto out = location_.filesystem->OpenOutputStream(path);
    ASSERT_TRUE(out.ok()) << out.status();
    ASSERT_TRUE((*out)->Write(bytes).ok());
    ASSERT_TRUE((*out)->Close().ok()) << path;
  }
  void Remove(const std::string& name) {
    ASSERT_TRUE(location_.filesystem->DeleteFile(PathOf(name)).ok()) << name;
  }

  // A modification without a change of size can be told.
  virtual bool sees_same_size() const { return true; }
  // May hold a file of this name.
  virtual bool allows(const std::string&) const { return true; }
  // Files that are more than a page of its listing, where making so many takes no minutes.
  virtual int many() const { return 1100; }

 protected:
  // A folder is to be made before a file is written into it.
  virtual bool wants_folder(const std::string&) const { return true; }
  virtual std::string PathOf(const std::string& name) const { return location_.path + "/" + name; }

  std::string uri_;
  StorageOptions storage_;
  FileLocation location_;
};

class LocalStore : public Store {
 public:
  LocalStore() {
    uri_ = "file:" + folder_.string();
    location_ = {std::make_shared<arrow::fs::LocalFileSystem>(), folder_.string()};
  }

 private:
  TempFolder folder_;
};

// In memory, with every kind of fault on the way.
class FaultyStore : public Store {
 public:
  FaultyStore() {
    uri_ = "hdfs://memory:1/source";
    storage_.backoff_base = std::chrono::milliseconds(1);
    storage_.backoff_cap = std::chrono::milliseconds(2);
    auto memory = std::make_shared<arrow::fs::internal::MockFileSystem>(
        arrow::fs::TimePoint(std::chrono::seconds(1'700'000'000)));
    EXPECT_TRUE(memory->CreateDir("source").ok());
    Faults faults;
    faults.unavailable = faults.reset = faults.short_read = 0.2;
    faults.latency = std::chrono::microseconds(200);
    location_ = {std::make_shared<FaultyFileSystem>(memory, faults), "source"};
  }
  std::shared_ptr<Source> Open() override {
    return std::make_shared<ArrowSource>(location_.filesystem, "hdfs://memory:1/source", "source",
                                         storage_, kFetches);
  }
  bool sees_same_size() const override { return false; }
};

std::string UniqueName() {
  static std::atomic<int> count{0};
  return "pomona-test-" + std::to_string(getpid()) + "-" + std::to_string(count++) + "-" +
         std::to_string(std::chrono::system_clock::now().time_since_epoch().count() % 1'000'000);
}

class S3Store : public Store {
 public:
  explicit S3Store(const char* endpoint) {
    storage_.s3_endpoint = endpoint;
    const std::string bucket = UniqueName();
    uri_ = "s3a://" + bucket + "/data set";
    location_ = OpenFileSystem(uri_, storage_).ValueOrDie();
    auto options =
        std::static_pointer_cast<arrow::fs::S3FileSystem>(location_.filesystem)->options();
    options.allow_bucket_creation = options.allow_bucket_deletion = true;
    location_.filesystem = arrow::fs::S3FileSystem::Make(options).ValueOrDie();
    EXPECT_TRUE(location_.filesystem->CreateDir(location_.path).ok());
  }
  ~S3Store() override {
    const std::string bucket = location_.path.substr(0, location_.path.find('/'));
    static_cast<void>(location_.filesystem->DeleteDir(bucket));
  }
};

class GcsStore : public Store {
 public:
  explicit GcsStore(const char* endpoint) {
    setenv("CLOUD_STORAGE_EMULATOR_ENDPOINT", endpoint, 1);
    setenv("GOOGLE_CLOUD_PROJECT", "pomona", 1);  // a bucket is made in one
    uri_ = "gs://" + UniqueName() + "/data set";
    location_ = OpenFileSystem(uri_, storage_).ValueOrDie();
    EXPECT_TRUE(location_.filesystem->CreateDir(location_.path).ok());
  }
  bool sees_same_size() const override { return false; }
  int many() const override { return 50; }

 protected:
  // Some folders are marked by an object, as Arrow does it, some are not, as by other programs.
  bool wants_folder(const std::string& name) const override { return name.size() % 2 == 0; }
};

class AzureStore : public Store {
 public:
  explicit AzureStore(const char* endpoint) {
    setenv("AZURE_STORAGE_SERVICE_ENDPOINT", endpoint, 1);
    const std::string account = std::string(endpoint).substr(std::string(endpoint).rfind('/') + 1);
    uri_ = "abfs://" + UniqueName() + "@" + account + ".dfs.core.windows.net/data set";
    location_ = OpenFileSystem(uri_, storage_).ValueOrDie();
    EXPECT_TRUE(location_.filesystem->CreateDir(location_.path).ok());
  }
  bool sees_same_size() const override { return false; }
  // Azure takes a backslash for a slash.
  bool allows(const std::string& name) const override {
    return name.find('\\') == std::string::npos;
  }
  int many() const override { return 50; }
};

class HdfsStore : public Store {
 public:
  explicit HdfsStore(const char* root) {
    uri_ = std::string(root) + "/" + UniqueName();
    location_ = OpenFileSystem(uri_, storage_).ValueOrDie();
    EXPECT_TRUE(location_.filesystem->CreateDir(location_.path).ok());
  }
  ~HdfsStore() override { EXPECT_TRUE(location_.filesystem->DeleteDir(location_.path).ok()); }
  bool sees_same_size() const override { return false; }
  bool allows(const std::string& name) const override {
    return name.find(':') == std::string::npos;
  }
  int many() const override { return 50; }

 protected:
  std::string PathOf(const std::string& name) const override {
    return location_.path + "/" + ToModifiedUtf8(name);
  }
};

struct StoreKind {
  const char* name;
  std::function<std::unique_ptr<Store>()> make;
};

// For messages.
void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }

std::vector<StoreKind> FindStoreKinds() {
  std::vector<StoreKind> kinds = {
      {"local", [] { return std::make_unique<LocalStore>(); }},
      {"faulty", [] { return std::make_unique<FaultyStore>(); }},
  };
  const auto add = [&](const char* name, const char* variable, auto make) {
    const char* value = std::getenv(variable);
    if (value != nullptr) {
      kinds.push_back({name, [make, value] { return make(value); }});
    } else {
      std::printf("NOTICE: not run against %s: %s is not set\n", name, variable);
    }
  };
  const auto s3 = [](const char* value) { return std::make_unique<S3Store>(value); };
  add("s3", "POMONA_TEST_S3_ENDPOINT", s3);
  add("s3proxy", "POMONA_TEST_S3PROXY_ENDPOINT", s3);
  add("gcs", "POMONA_TEST_GCS_ENDPOINT",
      [](const char* value) { return std::make_unique<GcsStore>(value); });
  add("azure", "POMONA_TEST_AZURE_ENDPOINT",
      [](const char* value) { return std::make_unique<AzureStore>(value); });
  add("hdfs", "POMONA_TEST_HDFS",
      [](const char* value) { return std::make_unique<HdfsStore>(value); });
  return kinds;
}

// Looked for once: the notices are printed once.
const std::vector<StoreKind>& StoreKinds() {
  static const std::vector<StoreKind> kinds = FindStoreKinds();
  return kinds;
}

class SourceConformance : public ::testing::TestWithParam<StoreKind> {
 protected:
  std::vector<ImageRef> Refs() { return ListAll(*source_, store_->uri()).ValueOrDie(); }

  // Names below the source; checks that each URI is under it.
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    const std::string root = store_->uri() + "/";
    for (const ImageRef& ref : Refs()) {
      EXPECT_TRUE(ref.uri.starts_with(root)) << ref.uri << " is not under " << root;
      names.push_back(ref.uri.substr(std::min(root.size(), ref.uri.size())));
    }
    return names;
  }

  std::unique_ptr<Store> store_ = GetParam().make();
  std::shared_ptr<Source> source_ = store_->Open();
};

TEST_P(SourceConformance, lists_in_byte_order_of_the_uri) {
  const std::vector<std::string> sorted = {"A.jpg",   "a b/1.jpg", "a-b/1.jpg",   "a.jpg",
                                           "a/1.jpg", "a/b/2.jpg", "a/b0.jpg",    "a0/1.jpg",
                                           "b.jpg",   "z/y/x.jpg", "\xc3\xa9.jpg"};
  for (auto name = sorted.rbegin(); name != sorted.rend(); ++name) store_->Write(*name, "x");
  EXPECT_EQ(Names(), sorted);
}

TEST_P(SourceConformance, lists_many_files) {
  std::vector<std::string> sorted;
  for (int i = 0; i < store_->many(); ++i) {
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
    if (!store_->allows(name)) continue;
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
  std::vector<ImageRef> refs;
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
  if (!store_->sees_same_size()) {
    GTEST_SKIP() << "this store tells neither a version nor a time with the bytes";
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
      source_->List(store_->uri() + "/gone", arrow::StopToken::Unstoppable()).status();
  EXPECT_TRUE(status.IsIOError()) << status;
  EXPECT_THAT(status.message(), HasSubstr("does not exist"));
}

TEST_P(SourceConformance, listing_can_be_stopped) {
  store_->Write("a/1.jpg", "1");
  arrow::StopSource stop;
  auto listing = source_->List(store_->uri(), stop.token()).ValueOrDie();
  stop.RequestStop();
  const auto page = listing->Next();
  // S3 has the first page already, and the end after it.
  EXPECT_TRUE(page.status().IsCancelled() || listing->Next().ok());
  EXPECT_TRUE(source_->List(store_->uri(), stop.token()).status().IsCancelled());
}

TEST_P(SourceConformance, image_of_unknown_size_above_the_limit_is_cut_off) {
  store_->Write("a.jpg", "123456");
  ImageRef ref{store_->uri() + "/a.jpg", kUnknownSize, 0, ""};
  ref.max_bytes = 5;
  EXPECT_EQ(RejectReasonOf(FetchOne(*source_, ref).status()), RejectReason::kTooManyBytes);
  ref.max_bytes = 6;
  EXPECT_EQ(FetchOne(*source_, ref).ValueOrDie(), "123456");
}

TEST_P(SourceConformance, end_of_a_listing_stays_the_end) {
  store_->Write("a.jpg", "1");
  auto listing = source_->List(store_->uri(), arrow::StopToken::Unstoppable()).ValueOrDie();
  EXPECT_EQ(listing->Next()->size(), 1u);
  EXPECT_THAT(*listing->Next(), IsEmpty());
  EXPECT_THAT(*listing->Next(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Stores, SourceConformance, ::testing::ValuesIn(StoreKinds()),
                         [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace pomona
