#include "pomona/table/same_place.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "temp_folder.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;

bool HoldsText(const std::string& outer, const std::string& inner) {
  return Holds(Uri::Parse(outer).ValueOrDie(), Uri::Parse(inner).ValueOrDie());
}

TEST(SamePlace, spellings_of_one_place_are_one) {
  const std::vector<std::pair<std::string, std::string>> same = {
      {"/a/photos", "/a/photos/"},
      {"/a/photos", "/a/b/../photos/."},
      {"file:/a/photos", "file:///a/photos/"},
      {"FILE:/a/photos", "/a/photos"},
      {"s3://b/photos", "s3a://b/photos/"},
      {"S3://b/photos", "s3://b//photos"},
      {"s3://b/photos", "s3://b/x/../photos"},
      {"s3://b", "s3a://b/"},
      {"hdfs://host:8020/a", "hdfs://host/a"},
      {"hdfs://me@HOST:8020/a", "hdfs://host:8020/a/"},
      {"hdfs:///a", "hdfs://host:8020/a"},
      {"abfs://c@acc/a", "abfss://c@acc.dfs.core.windows.net/a"},
      {"gs://b/a", "gs://b/a/"},
  };
  for (const auto& [a, b] : same) {
    EXPECT_TRUE(HoldsText(a, b)) << a << " " << b;
    EXPECT_TRUE(HoldsText(b, a)) << b << " " << a;
  }
}

TEST(SamePlace, what_lies_in_it_is_held) {
  for (const auto& [outer, inner] :
       std::vector<std::pair<std::string, std::string>>{{"/a", "/a/photos"},
                                                        {"/", "/a/photos"},
                                                        {"s3://b", "s3a://b/photos/x"},
                                                        {"s3://b/photos", "s3://b/photos/1.jpg"},
                                                        {"hdfs://h:1/a", "hdfs://h:1/a/b"}}) {
    EXPECT_TRUE(HoldsText(outer, inner)) << outer << " " << inner;
    EXPECT_FALSE(HoldsText(inner, outer)) << inner << " " << outer;
  }
}

TEST(SamePlace, other_places_are_others) {
  for (const auto& [a, b] :
       std::vector<std::pair<std::string, std::string>>{{"/a/photos", "/a/photos2"},
                                                        {"s3://b/photos", "s3://b/photos2"},
                                                        {"s3://b/x", "s3://c/x"},
                                                        {"s3://b/x", "gs://b/x"},
                                                        {"hdfs://h:1/a", "hdfs://h:2/a"},
                                                        {"abfs://c@one/a", "abfs://c@two/a"},
                                                        {"/b/x", "s3://b/x"}}) {
    EXPECT_FALSE(HoldsText(a, b)) << a << " " << b;
    EXPECT_FALSE(HoldsText(b, a)) << b << " " << a;
  }
}

TEST(SamePlace, links_are_followed) {
  const TempFolder folder;
  folder.Write("real/photos/1.jpg", "x");
  const fs::path root = folder.path();
  fs::create_directory_symlink(root / "real", root / "link");
  fs::create_directory_symlink(root / "real/photos", root / "photos");
  const auto path = [&](const char* name) { return (root / name).string(); };
  EXPECT_TRUE(HoldsText(path("link/photos"), path("real/photos")));
  EXPECT_TRUE(HoldsText(path("real"), path("photos")));
  EXPECT_TRUE(HoldsText(path("link"), path("photos/1.jpg")));
  // The link itself lies here, too.
  EXPECT_TRUE(HoldsText(root.string(), path("link")));
  EXPECT_FALSE(HoldsText(path("photos"), path("real")));
  // What is not there yet is nobody's place.
  EXPECT_FALSE(HoldsText(path("real/photos/out"), path("photos")));
  EXPECT_TRUE(HoldsText(path("real/photos/out"), path("photos/out")));
}

}  // namespace
}  // namespace pomona
