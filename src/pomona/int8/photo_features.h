#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pomona/extract.h"

namespace pomona {

/// What an extractor gives of photos: rows in their order, row-major.
struct PhotoFeatures {
  int64_t dim = 0;
  std::vector<float> rows;          ///< zeros where there is no row
  std::vector<bool> decoded;        ///< which ones there are
  std::vector<std::string> labels;  ///< of all; empty: none
  double seconds = 0;

  int64_t count() const { return static_cast<int64_t>(decoded.size()); }
  std::span<const float> row(int64_t i) const {
    return std::span(rows).subspan(static_cast<size_t>(i * dim), static_cast<size_t>(dim));
  }
};

/// Runs `extractor` over `photos`, with the columns of ReferenceSchema().
arrow::Result<PhotoFeatures> FeaturesOfPhotos(Extractor& extractor,
                                              const arrow::RecordBatch& photos);

}  // namespace pomona
