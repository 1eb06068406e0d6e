#include "pomona/model/compiled_cache.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "pomona/base/sha256.h"
#include "temp_folder.h"

namespace pomona {
namespace {

std::string Found(const CompiledCache& cache, const std::string& key) {
  const auto entry = cache.Find(key);
  if (!entry) return "(nothing)";
  return {reinterpret_cast<const char*>(entry->content.data()), entry->content.size()};
}

TEST(CompiledCache, gives_back_what_was_stored) {
  const TempFolder folder;
  const CompiledCache cache(folder.string() + "/new/cache");
  EXPECT_EQ(Found(cache, "k"), "(nothing)");
  cache.Store("k", "content");
  EXPECT_EQ(Found(cache, "k"), "content");
  cache.Store("k", "other");
  EXPECT_EQ(Found(cache, "k"), "other");
  cache.Remove("k");
  EXPECT_EQ(Found(cache, "k"), "(nothing)");
}

TEST(CompiledCache, leaves_no_temporary_files) {
  const TempFolder folder;
  const CompiledCache cache(folder.string());
  cache.Store("k", "content");
  const std::filesystem::directory_iterator files(folder.path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST(CompiledCache, does_not_find_a_damaged_file) {
  const TempFolder folder;
  const CompiledCache cache(folder.string());
  cache.Store("k", std::string(10'000, 'x'));
  const auto file = folder.path() / "k.blob";
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(5'000) << 'y';
  EXPECT_EQ(Found(cache, "k"), "(nothing)");
  for (const int size : {9'000, 64, 10, 0}) {
    cache.Store("k", std::string(10'000, 'x'));
    std::filesystem::resize_file(file, static_cast<uintmax_t>(size));
    EXPECT_EQ(Found(cache, "k"), "(nothing)") << size;
  }
}

TEST(CompiledCache, is_empty_where_it_cannot_write) {
  const CompiledCache cache("/proc/no/such/folder");
  cache.Store("k", "content");
  EXPECT_EQ(Found(cache, "k"), "(nothing)");
  const CompiledCache none("");
  none.Store("k", "content");
  EXPECT_EQ(Found(none, "k"), "(nothing)");
}

TEST(Sha256, is_the_standard_one) {
  Sha256 sha;
  sha.Update("a");
  sha.Update("bc");
  EXPECT_EQ(sha.Hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace pomona
