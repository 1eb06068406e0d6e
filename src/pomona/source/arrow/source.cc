#include "pomona/source/arrow/source.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "pomona/base/guarded.h"
#include "pomona/reject.h"
#include "pomona/source/arrow/listing.h"
#include "pomona/source/arrow/store_error.h"
#include "pomona/source/encoded_buffer.h"
#include "pomona/source/fetch_counts.h"
#include "pomona/source/fetch_pool.h"
#include "pomona/storage/backoff.h"
#include "pomona/storage/filesystem.h"
#include "pomona/storage/modified_utf8.h"
#include "pomona/storage/store_traits.h"

namespace pomona {

using arrow::Result;
using arrow::Status;

class ArrowSource::Impl {
 public:
  Impl(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path_root,
       const StorageOptions& storage, int fetches)
      : filesystem_(std::move(filesystem)),
        path_root_(std::move(path_root)),
        storage_(storage),
        traits_(TraitsOf(*filesystem_)),
        pool_(fetches) {}

  ~Impl() {
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
    }
    closing_changed_.notify_all();
  }

  Result<std::unique_ptr<Listing>> List(const Uri& uri, arrow::StopToken stop) {
    const std::string path = PathOf(uri);
    return OpenArrowListing(filesystem_, path.empty() ? "/" : path, uri.ToString(),
                            std::move(stop));
  }

  void Fetch(ImageRef ref, FetchCallback done) {
    pool_.Submit([this, ref = std::move(ref), done = std::move(done)] {
      done(Guarded([&] { return Read(ref); }));
    });
  }

  FetchCounters counters() const { return counts_.Read(pool_.busy_ns()); }

 private:
  std::string PathOf(const Uri& uri) const {
    const std::string path = path_root_ + EscapeInvalidUtf8(uri.path);
    return traits_.takes_modified_utf8 ? ToModifiedUtf8(path) : path;
  }

  Result<std::shared_ptr<arrow::Buffer>> Read(const ImageRef& ref) {
    const std::string path = PathOf(ref.uri);
    for (int failed = 0;;) {
      counts_.requests.fetch_add(1, std::memory_order_relaxed);
      auto read = ReadOnce(path, ref);
      if (read.ok() && read->bytes->size() == read->size) {
        counts_.bytes.fetch_add(read->size, std::memory_order_relaxed);
        return std::move(read->bytes);
      }
      ARROW_ASSIGN_OR_RAISE(const Failure failure, Judge(read, path));
      if (!failure.error.may_pass || ++failed >= storage_.max_attempts ||
          !WaitBeforeRetry(failed)) {
        return Rejected(failure.error.reason, failure.message);
      }
      counts_.retries.fetch_add(1, std::memory_order_relaxed);
    }
  }

  struct FileRead {
    int64_t size;  // as listed, else what the store said now
    std::shared_ptr<arrow::Buffer> bytes;
  };

  struct Failure {
    StoreError error;
    std::string message;
  };

  // Rejected if there is no use in another try.
  Result<Failure> Judge(const Result<FileRead>& read, const std::string& path) {
    if (RejectReasonOf(read.status())) return read.status();
    if (!read.ok()) return Failure{ClassifyStoreError(read.status()), read.status().message()};
    const int64_t have = read->bytes->size();
    const std::string expected = std::to_string(read->size);
    if (have > read->size) {
      return Rejected(RejectReason::kChanged, "longer than the " + expected + " bytes");
    }
    // A file that was cut, or a connection that was: the store knows. Asked in this case only.
    const auto now = filesystem_->GetFileInfo(path);
    if (now.ok() && now->IsFile() && now->size() != read->size) {
      return Rejected(RejectReason::kChanged,
                      "size is " + std::to_string(now->size()) + ", was " + expected);
    }
    return Failure{{RejectReason::kUnavailable, true},
                   "short read: " + std::to_string(have) + " of " + expected + " bytes"};
  }

  // Asks for one byte more than there should be: no other request tells that a file grew. Not so of
  // an empty file, where object stores call that an error.
  Result<FileRead> ReadOnce(const std::string& path, const ImageRef& ref) {
    const int64_t listed = ref.size;
    const auto bytes_to_ask = [](int64_t size) { return size == 0 ? 0 : size + 1; };
    arrow::fs::FileInfo info(path, arrow::fs::FileType::File);
    // One more here, too: Azure's client reads no further.
    if (listed != kUnknownSize) info.set_size(bytes_to_ask(listed));
    ARROW_ASSIGN_OR_RAISE(auto file, filesystem_->OpenInputFile(info));
    int64_t size = listed;
    if (listed == kUnknownSize) {
      ARROW_ASSIGN_OR_RAISE(size, file->GetSize());
    }
    if (size > ref.max_bytes) return TooManyBytes(size, ref.max_bytes);
    const int64_t wanted = bytes_to_ask(size);
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> buffer, AllocateEncoded(wanted));
    int64_t have = 0;
    while (have < wanted) {
      ARROW_ASSIGN_OR_RAISE(const int64_t got,
                            file->ReadAt(have, wanted - have, buffer->mutable_data() + have));
      have += got;
      if (got == 0 || !traits_.reads_in_pieces) break;
    }
    return FileRead{size, arrow::SliceBuffer(std::move(buffer), 0, have)};
  }

  // False: the source is being closed.
  bool WaitBeforeRetry(int failed) {
    std::unique_lock lock(mutex_);
    return !closing_changed_.wait_for(lock, BackoffDelay(storage_, failed),
                                      [this] { return closing_; });
  }

  const std::shared_ptr<arrow::fs::FileSystem> filesystem_;
  const std::string path_root_;
  const StorageOptions storage_;
  const StoreTraits traits_;
  FetchCounts counts_;
  std::mutex mutex_;
  std::condition_variable closing_changed_;
  bool closing_ = false;
  FetchPool pool_;  // ends first
};

ArrowSource::ArrowSource(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path_root,
                         const StorageOptions& storage, int fetches)
    : impl_(std::make_unique<Impl>(std::move(filesystem), std::move(path_root), storage, fetches)) {
}

ArrowSource::~ArrowSource() = default;

Result<std::shared_ptr<Source>> ArrowSource::Open(const Uri& uri, const StorageOptions& storage,
                                                  int fetches) {
  Uri root = uri;
  root.path = "/";
  ARROW_ASSIGN_OR_RAISE(FileLocation location, OpenFileSystem(root, storage));
  if (location.path == "/") location.path.clear();
  return std::make_shared<ArrowSource>(std::move(location.filesystem), std::move(location.path),
                                       storage, fetches);
}

Result<std::unique_ptr<Listing>> ArrowSource::List(const Uri& uri, arrow::StopToken stop) {
  return impl_->List(uri, std::move(stop));
}

void ArrowSource::Fetch(ImageRef ref, FetchCallback done) {
  impl_->Fetch(std::move(ref), std::move(done));
}

FetchCounters ArrowSource::counters() const { return impl_->counters(); }

}  // namespace pomona
