#pragma once

#include "pomona/table/moving_store.h"

namespace pomona {

/// An output on a local disk, or on what is mounted like one: durable when a call returns, and
/// through no link.
class LocalStore : public MovingStore {
 public:
  using MovingStore::MovingStore;

  arrow::Status Prepare() override;
  arrow::Status Delete(const std::string& name) override;

 protected:
  arrow::Status Move(const std::string& from, const std::string& to) override;
  arrow::Result<bool> MoveNew(const std::string& from, const std::string& to) override;
  arrow::Status Sync(const std::string& path) override;
  bool makes_parents() const override { return false; }
};

}  // namespace pomona
