#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "pomona/storage/s3/object_writer.h"
#include "pomona/table/output_store.h"

namespace pomona {

/// An output on S3, changed by our own requests. Each of them is refused by the store itself once
/// this writer may have been taken for dead: it is signed for no longer than that. Whether the
/// store keeps to `If-None-Match`, the first sign of life finds out.
class S3Store : public OutputStore {
 public:
  /// `path`: "bucket/key", of `filesystem`, which reads. `anonymous`: nothing is signed, so that
  /// nothing ends.
  S3Store(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path, std::string uri,
          std::shared_ptr<S3ObjectWriter> writer, bool anonymous);

  arrow::Status Prepare() override { return arrow::Status::OK(); }
  arrow::Result<std::unique_ptr<StagedFile>> Create(const std::string& name) override;
  std::string Promise() const override;
  arrow::Status Delete(const std::string& name) override;
  arrow::Status ForgetClaim(const std::string& name) override;
  arrow::Status PutSign(const std::string& name, std::string_view contents) override;
  void Allow() override;
  /// Takes away what others had begun to upload and did not complete.
  arrow::Status FenceOthers(bool found_dead) override;
  void Leave() override {}
  bool may_change_late() const override { return writer_->answer_lost(); }

 protected:
  arrow::Result<bool> TryPutNew(const std::string& name, std::string_view contents) override;

 private:
  class StagedUpload;

  std::string KeyOf(const std::string& name) const;
  /// Until when changes are allowed now.
  std::optional<StoreClock::Time> allowed() const;
  arrow::Result<bool> PutNamed(const std::string& name, std::string_view contents, bool only_new);

  const std::shared_ptr<S3ObjectWriter> writer_;
  const bool anonymous_;
  std::string prefix_;                 ///< of all keys; empty or with a slash at its end
  std::atomic<bool> excludes_{false};  ///< the store knows If-None-Match
  bool probed_ = false;
  mutable std::mutex mutex_;  ///< of what is below
  std::optional<StoreClock::Time> last_sign_;
  std::optional<StoreClock::Time> allowed_;
};

}  // namespace pomona
