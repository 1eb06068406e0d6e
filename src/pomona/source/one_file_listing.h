#pragma once

#include <utility>
#include <vector>

#include "pomona/source/source.h"

namespace pomona {

/// The listing of a source that is one file: one page of it.
class OneFileListing : public Listing {
 public:
  explicit OneFileListing(ImageRef ref) { page_.push_back(std::move(ref)); }
  arrow::Result<std::vector<ImageRef>> Next() override { return std::exchange(page_, {}); }

 private:
  std::vector<ImageRef> page_;
};

}  // namespace pomona
