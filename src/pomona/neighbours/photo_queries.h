#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/storage.h"

namespace pomona {

/// Photos as queries of a table.
struct PhotoQueries {
  std::vector<std::string> paths;  ///< as the table would name them
  std::vector<float> features;     ///< [photos, dim]
  int64_t dim = 0;
};

/// Computes what a table whose record is `made_of` (FeatureTable::made_of) would hold of them: by
/// the same network, tensors, precision, size and image options. `model`: where that network is;
/// empty: by its name in the catalogue. Cost: loads the network (0.1 s), some ms a photo.
///
/// Invalid: the record is empty, or what runs here differs from it: another network, or a precision
/// that this CPU lacks. DamagedData: a photo gives no features, with the reason. KeyError, IOError:
/// the model. Cancelled.
arrow::Result<PhotoQueries> ExtractPhotos(const std::vector<std::string>& photos,
                                          const std::string& made_of, const std::string& model,
                                          int threads, const StorageOptions& storage,
                                          const arrow::StopToken& stop);

}  // namespace pomona
