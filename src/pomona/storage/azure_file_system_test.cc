#include "pomona/storage/azure_file_system.h"

#include <arrow/filesystem/azurefs.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace pomona {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kKey[] = "c2VjcmV0IG9mIG5vYm9keQ==";
constexpr char kAddress[] = "abfs://fruits@orchard.dfs.core.windows.net/Test/Apple Braeburn";

class AzureFileSystemTest : public ::testing::Test {
 protected:
  AzureFileSystemTest() { Clear(); }
  ~AzureFileSystemTest() override { Clear(); }

  static arrow::Result<FileLocation> Open(const std::string& text) {
    ARROW_ASSIGN_OR_RAISE(const Uri uri, Uri::Parse(text));
    return OpenAzureFileSystem(uri);
  }
  static arrow::fs::AzureOptions OptionsOf(const std::string& text) {
    const auto location = Open(text).ValueOrDie();
    return std::static_pointer_cast<arrow::fs::AzureFileSystem>(location.filesystem)->options();
  }
  static std::string BlobUrl(const std::string& text) {
    const auto options = OptionsOf(text);
    return options.AccountBlobUrl(options.account_name);
  }
  static std::string DfsUrl(const std::string& text) {
    const auto options = OptionsOf(text);
    return options.AccountDfsUrl(options.account_name);
  }

 private:
  static void Clear() {
    unsetenv("AZURE_STORAGE_KEY");
    unsetenv("AZURE_STORAGE_SERVICE_ENDPOINT");
  }
};

TEST_F(AzureFileSystemTest, address_names_account_and_container) {
  EXPECT_EQ(Open(kAddress)->path, "fruits/Test/Apple Braeburn");
  EXPECT_EQ(Open("abfs://fruits@orchard.dfs.core.windows.net")->path, "fruits");
  EXPECT_EQ(BlobUrl(kAddress), "https://orchard.blob.core.windows.net/");
  EXPECT_EQ(DfsUrl(kAddress), "https://orchard.dfs.core.windows.net/");
  const std::string elsewhere = "abfss://fruits@orchard.dfs.core.usgovcloudapi.net/x";
  EXPECT_EQ(BlobUrl(elsewhere), "https://orchard.blob.core.usgovcloudapi.net/");
  EXPECT_EQ(DfsUrl(elsewhere), "https://orchard.dfs.core.usgovcloudapi.net/");
}

TEST_F(AzureFileSystemTest, endpoint_of_the_environment) {
  setenv("AZURE_STORAGE_SERVICE_ENDPOINT", "http://127.0.0.1:10000/orchard/", 1);
  EXPECT_EQ(BlobUrl(kAddress), "http://127.0.0.1:10000/orchard/");
  EXPECT_EQ(DfsUrl(kAddress), "http://127.0.0.1:10000/orchard/");
  EXPECT_EQ(Open(kAddress)->path, "fruits/Test/Apple Braeburn");
  setenv("AZURE_STORAGE_SERVICE_ENDPOINT", "https://orchard.blob.core.chinacloudapi.cn/", 1);
  EXPECT_EQ(BlobUrl(kAddress), "https://orchard.blob.core.chinacloudapi.cn/");
  EXPECT_EQ(DfsUrl(kAddress), "https://orchard.dfs.core.chinacloudapi.cn/");
}

TEST_F(AzureFileSystemTest, endpoint_that_is_none_is_refused) {
  for (const char* endpoint :
       {"127.0.0.1:10000", "http://", "http:///orchard", "ftp://host/orchard", "http://host/other",
        "http://orchard:c2Vjcg==@host/orchard", "http://host/orchard?sig=c2Vjcg=="}) {
    setenv("AZURE_STORAGE_SERVICE_ENDPOINT", endpoint, 1);
    const auto status = Open(kAddress).status();
    EXPECT_TRUE(status.IsInvalid()) << endpoint;
    EXPECT_THAT(status.message(), HasSubstr("AZURE_STORAGE_SERVICE_ENDPOINT"));
    EXPECT_THAT(status.message(), Not(HasSubstr("c2Vjcg"))) << "a secret";
  }
}

TEST_F(AzureFileSystemTest, key_goes_before_the_default_chain) {
  EXPECT_EQ(OptionsOf(kAddress).AccountKey(), "");
  setenv("AZURE_STORAGE_KEY", kKey, 1);
  EXPECT_EQ(OptionsOf(kAddress).AccountKey(), kKey);
}

TEST_F(AzureFileSystemTest, other_addresses_are_refused_without_a_word_of_theirs) {
  for (const char* text :
       {"abfs://fruits", "abfs://fruits@orchard", "abfs://@orchard.dfs.core.windows.net/x",
        "abfs://fruits@.dfs.core.windows.net", "abfs://orchard.blob.core.windows.net/fruits",
        "abfs://fruits@orchard.blob.core.windows.net", "abfs://fruits@127.0.0.1:10000/x",
        "abfs://fruits:c2Vjcg==@orchard.dfs.core.windows.net/x"}) {
    const auto status = Open(text).status();
    EXPECT_TRUE(status.IsInvalid()) << text;
    EXPECT_THAT(status.message(), HasSubstr("hint: abfs://")) << text;
    EXPECT_THAT(status.message(), Not(HasSubstr("c2Vjcg"))) << "a secret";
  }
}

}  // namespace
}  // namespace pomona
