#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pomona/table/output_store.h"

namespace pomona {

/// An object store, through one of Arrow's clients: a file is there when its upload is complete,
/// and no client of Arrow's can ask for a name that is not taken yet.
class UploadingStore : public OutputStore {
 public:
  UploadingStore(std::shared_ptr<arrow::fs::FileSystem> filesystem, std::string path,
                 std::string uri);

  arrow::Status Prepare() override { return arrow::Status::OK(); }
  arrow::Result<std::unique_ptr<StagedFile>> Create(const std::string& name) override;
  std::string Promise() const override {
    return "this store's client cannot ask for a name that is not taken: a run that sleeps for "
           "more "
           "than a minute may replace what another has committed, which pomona verify finds";
  }
  arrow::Status Delete(const std::string& name) override { return ForgetClaim(name); }
  /// Nobody is kept out: docs/format/output.md has what is promised there.
  arrow::Status FenceOthers(bool /*found_dead*/) override { return arrow::Status::OK(); }
  void Leave() override {}

 protected:
  arrow::Result<bool> TryPutNew(const std::string& name, std::string_view contents) override;
};

}  // namespace pomona
