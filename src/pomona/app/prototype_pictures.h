#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/classifier.h"
#include "pomona/storage.h"

namespace pomona {

/// The pictures of training that a classifier keeps, as the page shows them.
struct PrototypePictures {
  struct Sheet {
    std::string name, webp;  ///< SpriteLayout
  };

  std::string json;       ///< what app.json says of them, an object
  std::string positions;  ///< float32, little-endian: [prototypes][rank]
  std::vector<Sheet> sheets;
  int64_t pictures = 0;  ///< prototypes that have one
  int64_t missing = 0;
  std::vector<std::string> remarks;
};

/// Reads them from where their paths say; of one that cannot be read the name is told alone.
/// Cancelled, OutOfMemory.
arrow::Result<PrototypePictures> PicturesOf(const Classifier& classifier,
                                            const StorageOptions& storage, int threads,
                                            const arrow::StopToken& stop);

}  // namespace pomona
