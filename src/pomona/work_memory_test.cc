#include "pomona/work_memory.h"

#include <arrow/buffer.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <thread>
#include <vector>

namespace pomona {
namespace {

bool Allocates(arrow::MemoryPool* pool) {
  std::vector<std::unique_ptr<arrow::Buffer>> kept;
  for (int64_t bytes = 64; bytes < (int64_t{4} << 20); bytes *= 2) {
    auto buffer = arrow::AllocateBuffer(bytes, pool);
    if (!buffer.ok()) return false;
    kept.push_back(std::move(*buffer));
  }
  return true;
}

// Arrow's default pool here is pyarrow's: mimalloc.
TEST(WorkMemory, ChildOfAForkAllocatesWhateverOurThreadsWereDoing) {
  std::atomic<bool> ended{false};
  std::thread worker([&] {
    while (!ended) EXPECT_TRUE(Allocates(WorkMemory()));
  });
  for (int fork_count = 0; fork_count < 50; ++fork_count) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::alarm(60);  // A hang is the signal's.
      ::_exit(Allocates(arrow::default_memory_pool()) ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0) << "fork " << fork_count;
  }
  ended = true;
  worker.join();
}

}  // namespace
}  // namespace pomona
