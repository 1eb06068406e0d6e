#include "pomona/base/work_memory.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

// What happens otherwise, now and then, is in tests/python/concurrency_test.py.
TEST(WorkMemory, IsAPoolThatAForkLeavesUnlocked) {
  EXPECT_NE(WorkMemory()->backend_name(), "mimalloc");
  if (arrow::default_memory_pool()->backend_name() != "mimalloc") {
    EXPECT_EQ(WorkMemory(), arrow::default_memory_pool());
  }
}

}  // namespace
}  // namespace pomona
