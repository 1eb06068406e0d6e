#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/result.h>

#include <memory>
#include <string>

#include "pomona/source/source.h"

namespace pomona {

/// Any of Arrow's filesystems as a source: HDFS, Google, Azure; in tests, one in memory. Reads
/// block a thread each. Retries as StorageOptions says.
class ArrowSource : public Source {
 public:
  /// A file whose URI has the path "/x" has the path `path_root` + "/x" in `filesystem`: "" on
  /// HDFS, "bucket" for "gs://bucket". `fetches` >= 1.
  ArrowSource(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path_root,
              const StorageOptions& storage, int fetches);
  ~ArrowSource() override;

  /// The store of `uri`: see OpenFileSystem.
  static arrow::Result<std::shared_ptr<Source>> Open(const Uri& uri, const StorageOptions& storage,
                                                     int fetches);

  arrow::Result<std::unique_ptr<Listing>> List(const Uri& uri, arrow::StopToken stop) override;
  void Fetch(ImageRef ref, FetchCallback done) override;
  FetchCounters counters() const override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pomona
