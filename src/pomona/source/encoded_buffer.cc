#include "pomona/source/encoded_buffer.h"

#include <string>

#include "pomona/base/work_memory.h"
#include "pomona/reject.h"

namespace pomona {

arrow::Result<std::unique_ptr<arrow::Buffer>> AllocateEncoded(int64_t size) {
  // From here on malloc maps each block on its own, whatever was freed before (mallopt(3)).
  constexpr int64_t kLarge = (int64_t{32} << 20) + 1;
  auto* pool = size >= kLarge ? arrow::system_memory_pool() : WorkMemory();
  auto buffer = arrow::AllocateBuffer(size, pool);
  if (buffer.ok()) return buffer;
  return Rejected(RejectReason::kTooMuchMemory, "no memory for " + std::to_string(size) + " bytes");
}

}  // namespace pomona
