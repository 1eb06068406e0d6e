#include "pomona/base/work_memory.h"

namespace pomona {

arrow::MemoryPool* WorkMemory() {
  static arrow::MemoryPool* const pool = [] {
    arrow::MemoryPool* chosen = arrow::default_memory_pool();
    return chosen->backend_name() == "mimalloc" ? arrow::system_memory_pool() : chosen;
  }();
  return pool;
}

}  // namespace pomona
