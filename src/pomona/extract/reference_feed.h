#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "pomona/extract/image_feed.h"
#include "pomona/storage.h"

namespace pomona {

/// Images that lie in stores: each is fetched from the store that its URI names, which is
/// opened when the first image of it comes.
class ReferenceFeed : public ImageFeed {
 public:
  /// `references`: the columns of ReferenceSchema(), else Invalid. `fetches`: reads under way
  /// at once, at most. `max_bytes`: of an image; see ImageRef.
  static arrow::Result<std::unique_ptr<ReferenceFeed>> Make(
      std::shared_ptr<arrow::RecordBatchReader> references, const StorageOptions& storage,
      int fetches, int64_t max_bytes);

  std::shared_ptr<arrow::Schema> schema() const override;
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Next() override;
  int64_t size(int64_t row) const override;
  arrow::Status Read(int64_t row, FetchCallback done) override;
  FetchCounters counters() const override;

 private:
  ReferenceFeed(std::shared_ptr<arrow::RecordBatchReader> references, const StorageOptions& storage,
                int fetches, int64_t max_bytes);
  ImageRef reference(int64_t row, Uri uri) const;
  /// The store that `uri` lies in, opened the first time.
  arrow::Result<Source*> FindSource(const Uri& uri);

  const std::shared_ptr<arrow::RecordBatchReader> references_;
  const StorageOptions storage_;
  const int fetches_;
  const int64_t max_bytes_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Source>> sources_;  ///< by StoreOf(uri)
};

}  // namespace pomona
