#pragma once

#include <arrow/buffer.h>
#include <arrow/filesystem/filesystem.h>
#include <arrow/filesystem/localfs.h>
#include <arrow/filesystem/mockfs.h>
#include <arrow/io/memory.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pomona {

/// Tests: another file system with a hook in each call. `before` is asked before each call, with
/// its name ("open", "write", "close", "move", "delete", "info", "list", "read") and path: an error
/// it returns is the call's, and it may do something else meanwhile. It keeps no state of its own.
class HookedFileSystem : public arrow::fs::FileSystem {
 public:
  using Hook = std::function<arrow::Status(const std::string& call, const std::string& path)>;

  HookedFileSystem(std::shared_ptr<arrow::fs::FileSystem> inner, std::string type_name)
      : inner_(std::move(inner)), type_name_(std::move(type_name)) {}

  /// An object store in memory: an upload is visible when it is closed, not before, and
  /// never if it is aborted.
  static std::shared_ptr<HookedFileSystem> ObjectStore() {
    auto store = std::make_shared<HookedFileSystem>(
        std::make_shared<arrow::fs::internal::MockFileSystem>(arrow::fs::TimePoint{}), "objects");
    store->uploads_ = true;
    return store;
  }
  /// The local disk, under its own type name.
  static std::shared_ptr<HookedFileSystem> LocalDisk() {
    return std::make_shared<HookedFileSystem>(std::make_shared<arrow::fs::LocalFileSystem>(),
                                              "local");
  }

  Hook before = [](const std::string&, const std::string&) { return arrow::Status::OK(); };
  /// Calls a copy: a hook may replace itself.
  arrow::Status Ask(const std::string& call, const std::string& path) const {
    const Hook hook = before;
    return hook(call, path);
  }
  /// Applied to what is written on its way down.
  std::function<std::string(const std::string& path, std::string bytes)> change;

  std::string type_name() const override { return type_name_; }
  bool Equals(const FileSystem& other) const override { return this == &other; }

  using FileSystem::GetFileInfo;
  using FileSystem::OpenAppendStream;
  using FileSystem::OpenInputFile;
  using FileSystem::OpenOutputStream;
  arrow::Result<arrow::fs::FileInfo> GetFileInfo(const std::string& path) override {
    ARROW_RETURN_NOT_OK(Ask("info", path));
    return inner_->GetFileInfo(path);
  }
  arrow::Result<std::vector<arrow::fs::FileInfo>> GetFileInfo(
      const arrow::fs::FileSelector& selector) override {
    ARROW_RETURN_NOT_OK(Ask("list", selector.base_dir));
    return inner_->GetFileInfo(selector);
  }
  arrow::Status CreateDir(const std::string& path, bool recursive) override {
    ARROW_RETURN_NOT_OK(Ask("mkdir", path));
    return inner_->CreateDir(path, recursive);
  }
  arrow::Status DeleteDir(const std::string& path) override { return inner_->DeleteDir(path); }
  arrow::Status DeleteDirContents(const std::string& path, bool missing_ok) override {
    return inner_->DeleteDirContents(path, missing_ok);
  }
  arrow::Status DeleteRootDirContents() override { return inner_->DeleteRootDirContents(); }
  arrow::Status DeleteFile(const std::string& path) override {
    ARROW_RETURN_NOT_OK(Ask("delete", path));
    return inner_->DeleteFile(path);
  }
  arrow::Status Move(const std::string& from, const std::string& to) override {
    ARROW_RETURN_NOT_OK(Ask("move", to));
    if (type_name_ == "hdfs") {
      ARROW_ASSIGN_OR_RAISE(const auto there, inner_->GetFileInfo(to));
      if (there.type() != arrow::fs::FileType::NotFound) {
        return arrow::Status::IOError("there is one: ", to);
      }
    }
    return inner_->Move(from, to);
  }
  arrow::Status CopyFile(const std::string& from, const std::string& to) override {
    return inner_->CopyFile(from, to);
  }
  arrow::Result<std::shared_ptr<arrow::io::InputStream>> OpenInputStream(
      const std::string& path) override {
    ARROW_RETURN_NOT_OK(Ask("read", path));
    return inner_->OpenInputStream(path);
  }
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenInputFile(
      const std::string& path) override {
    ARROW_RETURN_NOT_OK(Ask("read", path));
    return inner_->OpenInputFile(path);
  }
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> OpenOutputStream(
      const std::string& path,
      const std::shared_ptr<const arrow::KeyValueMetadata>& metadata) override {
    ARROW_RETURN_NOT_OK(Ask("open", path));
    if (uploads_) return std::make_shared<Upload>(*this, path);
    ARROW_ASSIGN_OR_RAISE(auto sink, inner_->OpenOutputStream(path, metadata));
    return std::make_shared<Stream>(*this, path, std::move(sink));
  }
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> OpenAppendStream(
      const std::string& path,
      const std::shared_ptr<const arrow::KeyValueMetadata>& metadata) override {
    return inner_->OpenAppendStream(path, metadata);
  }

 private:
  class Stream : public arrow::io::OutputStream {
   public:
    Stream(HookedFileSystem& store, std::string path, std::shared_ptr<arrow::io::OutputStream> sink)
        : store_(store), path_(std::move(path)), sink_(std::move(sink)) {}
    arrow::Status Write(const void* data, int64_t bytes) override {
      ARROW_RETURN_NOT_OK(store_.Ask("write", path_));
      if (!store_.change) return sink_->Write(data, bytes);
      const std::string written(static_cast<const char*>(data), static_cast<size_t>(bytes));
      return sink_->Write(store_.change(path_, written));
    }
    arrow::Status Close() override {
      ARROW_RETURN_NOT_OK(store_.Ask("close", path_));
      return sink_->Close();
    }
    arrow::Status Abort() override { return sink_->Abort(); }
    arrow::Result<int64_t> Tell() const override { return sink_->Tell(); }
    bool closed() const override { return sink_->closed(); }

   protected:
    HookedFileSystem& store_;
    const std::string path_;
    const std::shared_ptr<arrow::io::OutputStream> sink_;
  };

  class Upload : public Stream {
   public:
    Upload(HookedFileSystem& store, std::string path)
        : Stream(store, std::move(path), arrow::io::BufferOutputStream::Create().ValueOrDie()) {}
    arrow::Status Close() override {
      ARROW_RETURN_NOT_OK(Stream::Close());
      auto buffer = std::static_pointer_cast<arrow::io::BufferOutputStream>(sink_)->Finish();
      ARROW_RETURN_NOT_OK(buffer.status());
      auto& mock = static_cast<arrow::fs::internal::MockFileSystem&>(*store_.inner_);
      return mock.CreateFile(path_, std::string_view(**buffer));
    }
    arrow::Status Abort() override { return sink_->Close(); }
  };

  const std::shared_ptr<arrow::fs::FileSystem> inner_;
  const std::string type_name_;
  bool uploads_ = false;
};

}  // namespace pomona
