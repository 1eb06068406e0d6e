#pragma once

#include <arrow/buffer.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>

namespace pomona {

/// Memory for the encoded bytes of one image. What is large comes from the system and goes back to
/// it when it is freed: Arrow's allocator keeps it, so that of large images that are read one at
/// a time several would be resident at once. Rejected(kTooMuchMemory): there is none.
arrow::Result<std::unique_ptr<arrow::Buffer>> AllocateEncoded(int64_t size);

}  // namespace pomona
