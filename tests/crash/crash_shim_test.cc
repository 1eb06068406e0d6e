#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "temp_folder.h"

namespace pomona {
namespace {

constexpr int kChanges = 7;

class CrashShimTest : public testing::Test {
 protected:
  /// Runs the probe; returns what waitpid says of it.
  int RunProbe(const std::map<std::string, std::string>& environment) {
    const std::string root = folder_.string() + "/root";
    const std::string outside = folder_.string() + "/outside";
    std::filesystem::remove_all(root);
    std::filesystem::create_directories(root);
    const pid_t child = fork();
    if (child == 0) {
      setenv("LD_PRELOAD", CRASH_SHIM, 1);
      setenv("CRASH_SHIM_ROOT", root.c_str(), 1);
      for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
      execl(CRASH_SHIM_PROBE, "crash_shim_probe", root.c_str(), outside.c_str(), nullptr);
      _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }
  std::string Contents(const std::string& name) {
    std::ifstream file(folder_.path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// What the probe got done.
  std::string State() {
    const auto folder = folder_.path() / "root" / "folder";
    if (!std::filesystem::exists(folder)) return "nothing";
    if (std::filesystem::exists(folder / "final")) return "renamed";
    if (!std::filesystem::exists(folder / "staged")) return "folder only";
    return "staged:" + Contents("root/folder/staged");
  }

  TempFolder folder_;
};

TEST_F(CrashShimTest, CountsChangesBelowTheRootOnly) {
  const int status = RunProbe({{"CRASH_SHIM_COUNT", folder_.string() + "/count"}});
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(Contents("count"), std::to_string(kChanges) + "\n");
}

TEST_F(CrashShimTest, TracesThem) {
  RunProbe({{"CRASH_SHIM_TRACE", folder_.string() + "/trace"}});
  const std::string trace = Contents("trace");
  EXPECT_THAT(trace, testing::StartsWith("1 mkdir folder\n2 open folder/staged\n3 write "));
  EXPECT_THAT(trace, testing::EndsWith("/root/folder\n7 unlink folder/final\n"));
}

TEST_F(CrashShimTest, KillsBeforeEachChange) {
  const std::map<int, std::string> expected = {
      {1, "nothing"},      {2, "folder only"}, {3, "staged:"}, {4, "staged:hello"},
      {5, "staged:hello"}, {6, "renamed"},     {7, "renamed"},
  };
  for (int at = 1; at <= kChanges; ++at) {
    const int status = RunProbe({{"CRASH_SHIM_AT", std::to_string(at)}});
    ASSERT_TRUE(WIFSIGNALED(status)) << at;
    EXPECT_EQ(WTERMSIG(status), SIGKILL) << at;
    EXPECT_EQ(State(), expected.at(at)) << at;
  }
}

TEST_F(CrashShimTest, KillsAfterEachChange) {
  const std::map<int, std::string> expected = {
      {1, "folder only"}, {2, "staged:"}, {3, "staged:hello"}, {4, "staged:hello"},
      {5, "renamed"},     {6, "renamed"}, {7, "folder only"},
  };
  for (int at = 1; at <= kChanges; ++at) {
    const int status =
        RunProbe({{"CRASH_SHIM_AT", std::to_string(at)}, {"CRASH_SHIM_WHEN", "after"}});
    ASSERT_TRUE(WIFSIGNALED(status)) << at;
    EXPECT_EQ(State(), expected.at(at)) << at;
  }
}

TEST_F(CrashShimTest, BehindTheLastChangeItDoesNothing) {
  const int status = RunProbe({{"CRASH_SHIM_AT", std::to_string(kChanges + 1)}});
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace pomona
