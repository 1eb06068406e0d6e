#pragma once

#include <utility>
#include <vector>

#include "pomona/source/source.h"

namespace pomona {

/// The listing of a source that is one file: one page of it.
class OneFileListing : public Listing {
 public:
  explicit OneFileListing(ListedFile file) { page_.push_back(std::move(file)); }
  arrow::Result<std::vector<ListedFile>> Next() override { return std::exchange(page_, {}); }

 private:
  std::vector<ListedFile> page_;
};

}  // namespace pomona
