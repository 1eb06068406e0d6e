#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <string>

#include "pomona/list.h"

namespace pomona {

/// Photos of a source, each part in byte order of their URIs, with the columns of
/// ReferenceSchema().
struct DrawnPhotos {
  std::shared_ptr<arrow::RecordBatch> calibrated;
  std::shared_ptr<arrow::RecordBatch> compared;  ///< others
};

/// Draws by the hash of each photo's path below the source: the same ones wherever the folder lies,
/// and evenly of all its parts. `calibrated` come first where there are fewer. Invalid if there are
/// none.
arrow::Result<DrawnPhotos> DrawPhotos(const ListOptions& options, int64_t calibrated,
                                      int64_t compared);

/// "sha256:..." over the path below the source, the size and the bytes of each photo. Reads them.
arrow::Result<std::string> DigestPhotos(const ListOptions& options,
                                        const arrow::RecordBatch& photos);

}  // namespace pomona
