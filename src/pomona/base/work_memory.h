#pragma once

#include <arrow/memory_pool.h>

namespace pomona {

/// The pool of everything that a thread of ours allocates: Arrow's default pool, unless that is
/// mimalloc (pyarrow's choice), which holds a lock while it takes pages and does not give it back
/// in the child of a fork. A fork in the middle of our work would then hang its child at its first
/// own allocation, in pyarrow too; malloc and jemalloc come out of a fork unlocked. Thread-safe,
/// free.
arrow::MemoryPool* WorkMemory();

}  // namespace pomona
