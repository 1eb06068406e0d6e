#pragma once

#include <arrow/filesystem/filesystem.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "pomona/source/source.h"
#include "pomona/storage/filesystem.h"
#include "source_conformance.h"

namespace pomona {

/// A store of the suite that is written through one of Arrow's filesystems.
class FileSystemStore : public TestStore {
 public:
  const std::string& uri() const override { return uri_; }
  std::shared_ptr<Source> Open() override {
    return OpenSource(Uri::Parse(uri_).ValueOrDie(), storage_, kFetches).ValueOrDie();
  }
  void Write(const std::string& name, const std::string& bytes) override {
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
  void Remove(const std::string& name) override {
    ASSERT_TRUE(location_.filesystem->DeleteFile(PathOf(name)).ok()) << name;
  }

 protected:
  static constexpr int kFetches = 8;

  /// A bucket or folder that no other test has.
  static std::string UniqueName() {
    static std::atomic<int> count{0};
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    return "pomona-test-" + std::to_string(getpid()) + "-" + std::to_string(count++) + "-" +
           std::to_string(now % 1'000'000);
  }

  /// The folder of `uri`, made if it is not there.
  void OpenFolder(std::string uri) {
    uri_ = std::move(uri);
    location_ = OpenFileSystem(Uri::Parse(uri_).ValueOrDie(), storage_).ValueOrDie();
    MakeFolder();
  }
  void MakeFolder() {
    const arrow::Status made = location_.filesystem->CreateDir(location_.path);
    EXPECT_TRUE(made.ok()) << made;
  }

  /// Whether a folder is to be made before a file is written into it.
  virtual bool wants_folder(const std::string&) const { return true; }
  virtual std::string PathOf(const std::string& name) const { return location_.path + "/" + name; }

  std::string uri_;
  StorageOptions storage_;
  FileLocation location_;
};

}  // namespace pomona
