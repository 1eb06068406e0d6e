#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <optional>

#include "pomona/image.h"
#include "pomona/storage.h"

namespace pomona {

/// Images that SourceSide looks at, at most.
inline constexpr int64_t kImagesLookedAt = 32;

/// The typical shorter side in pixels of the first images of `references` (ReferenceSchema()): the
/// median. Absent where none of them is an image. Cost: one GET for each. Errors: of the store.
arrow::Result<std::optional<int>> SourceSide(const arrow::RecordBatch& references,
                                             const StorageOptions& storage,
                                             const ImageOptions& options);

/// The same of encoded images, one column of binary.
std::optional<int> SideOfImages(const arrow::RecordBatch& images, const ImageOptions& options);

}  // namespace pomona
