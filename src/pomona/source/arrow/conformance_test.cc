// One in memory always takes part; servers where POMONA_TEST_GCS_ENDPOINT,
// POMONA_TEST_AZURE_ENDPOINT (with AZURE_STORAGE_KEY) and POMONA_TEST_HDFS (with ARROW_LIBHDFS_DIR
// and CLASSPATH) name them.
#include <arrow/filesystem/mockfs.h>

#include <chrono>
#include <cstdlib>

#include "faulty_file_system.h"
#include "file_system_store.h"
#include "pomona/source/arrow/source.h"
#include "pomona/storage/modified_utf8.h"
#include "source_conformance.h"

namespace pomona {
namespace {

// In memory, with every kind of fault on the way.
class FaultyStore : public FileSystemStore {
 public:
  FaultyStore() {
    uri_ = "hdfs://memory:1/source";
    storage_.backoff_base = std::chrono::milliseconds(1);
    storage_.backoff_cap = std::chrono::milliseconds(2);
    auto memory = std::make_shared<arrow::fs::internal::MockFileSystem>(
        arrow::fs::TimePoint(std::chrono::seconds(1'700'000'000)));
    Faults faults;
    faults.unavailable = faults.reset = faults.short_read = 0.2;
    faults.latency = std::chrono::microseconds(200);
    location_ = {std::make_shared<FaultyFileSystem>(memory, faults), "root/source"};
    MakeFolder();
  }
  std::shared_ptr<Source> Open() override {
    return std::make_shared<ArrowSource>(location_.filesystem, "root", storage_, kFetches);
  }
  StoreCapabilities can() const override { return {.tell_versions = false}; }
};

class GcsStore : public FileSystemStore {
 public:
  explicit GcsStore(const char* endpoint) {
    setenv("CLOUD_STORAGE_EMULATOR_ENDPOINT", endpoint, 1);
    setenv("GOOGLE_CLOUD_PROJECT", "pomona", 1);  // a bucket is made in one
    OpenFolder("gs://" + UniqueName() + "/data set");
  }
  StoreCapabilities can() const override { return {.tell_versions = false, .hold_many = 50}; }

 protected:
  // Some folders are marked by an object, as Arrow does it, some are not, as by other programs.
  bool wants_folder(const std::string& name) const override { return name.size() % 2 == 0; }
};

class AzureStore : public FileSystemStore {
 public:
  explicit AzureStore(const char* endpoint) {
    setenv("AZURE_STORAGE_SERVICE_ENDPOINT", endpoint, 1);
    const std::string account = std::string(endpoint).substr(std::string(endpoint).rfind('/') + 1);
    OpenFolder("abfs://" + UniqueName() + "@" + account + ".dfs.core.windows.net/data set");
  }
  StoreCapabilities can() const override {
    // Azure takes a backslash for a slash.
    return {.tell_versions = false, .hold_many = 50, .not_have_in_names = "\\"};
  }
};

class HdfsStore : public FileSystemStore {
 public:
  explicit HdfsStore(const char* root) { OpenFolder(std::string(root) + "/" + UniqueName()); }
  ~HdfsStore() override { EXPECT_TRUE(location_.filesystem->DeleteDir(location_.path).ok()); }
  StoreCapabilities can() const override {
    return {.tell_versions = false, .hold_many = 50, .not_have_in_names = ":"};
  }

 protected:
  std::string PathOf(const std::string& name) const override {
    return location_.path + "/" + ToModifiedUtf8(name);
  }
};

INSTANTIATE_TEST_SUITE_P(Faulty, SourceConformance,
                         testing::Values(StoreKind{"faulty", std::make_unique<FaultyStore>}),
                         StoreKindName);
INSTANTIATE_TEST_SUITE_P(
    Gcs, SourceConformance,
    testing::ValuesIn(StoreOfEnvironment<GcsStore>("gcs", "POMONA_TEST_GCS_ENDPOINT")),
    StoreKindName);
INSTANTIATE_TEST_SUITE_P(
    Azure, SourceConformance,
    testing::ValuesIn(StoreOfEnvironment<AzureStore>("azure", "POMONA_TEST_AZURE_ENDPOINT")),
    StoreKindName);
INSTANTIATE_TEST_SUITE_P(Hdfs, SourceConformance,
                         testing::ValuesIn(StoreOfEnvironment<HdfsStore>("hdfs",
                                                                         "POMONA_TEST_HDFS")),
                         StoreKindName);

}  // namespace
}  // namespace pomona
