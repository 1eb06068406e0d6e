#include "pomona/int8/drawn_photos.h"

#include <arrow/api.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "temp_folder.h"

namespace pomona {
namespace {

/// A folder of `count` files in folders of three labels.
void Fill(const TempFolder& folder, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string label = "label " + std::to_string(i % 3);
    std::filesystem::create_directories(std::filesystem::path(folder.string()) / label);
    folder.Write(label + "/" + std::to_string(i) + ".jpg", "bytes " + std::to_string(i));
  }
}

ListOptions Of(const TempFolder& folder) {
  ListOptions options;
  options.source = folder.string();
  return options;
}

/// Without the folder before them.
std::vector<std::string> Names(const arrow::RecordBatch& photos, const TempFolder& folder) {
  std::vector<std::string> names;
  const auto& uris = static_cast<const arrow::StringArray&>(*photos.column(0));
  for (int64_t i = 0; i < photos.num_rows(); ++i) {
    names.push_back(uris.GetString(i).substr(std::string("file:").size() + folder.string().size()));
  }
  return names;
}

TEST(DrawPhotos, draws_the_same_ones_wherever_the_folder_lies) {
  const TempFolder a;
  const TempFolder b;
  Fill(a, 60);
  Fill(b, 60);
  const auto from_a = DrawPhotos(Of(a), 10, 20).ValueOrDie();
  ListOptions with_slash = Of(b);
  with_slash.source += "/";
  const auto from_b = DrawPhotos(with_slash, 10, 20).ValueOrDie();
  EXPECT_EQ(from_a.calibrated->num_rows(), 10);
  EXPECT_EQ(from_a.compared->num_rows(), 20);
  EXPECT_EQ(Names(*from_a.calibrated, a), Names(*from_b.calibrated, b));
  EXPECT_EQ(Names(*from_a.compared, a), Names(*from_b.compared, b));
  EXPECT_EQ(DigestPhotos(Of(a), *from_a.calibrated).ValueOrDie(),
            DigestPhotos(with_slash, *from_b.calibrated).ValueOrDie());
}

TEST(DrawPhotos, draws_others_to_compare_in_order_of_their_names) {
  const TempFolder folder;
  Fill(folder, 40);
  const auto drawn = DrawPhotos(Of(folder), 15, 100).ValueOrDie();
  const auto calibrated = Names(*drawn.calibrated, folder);
  const auto compared = Names(*drawn.compared, folder);
  EXPECT_TRUE(std::is_sorted(calibrated.begin(), calibrated.end()));
  EXPECT_TRUE(std::is_sorted(compared.begin(), compared.end()));
  std::set<std::string> all(calibrated.begin(), calibrated.end());
  all.insert(compared.begin(), compared.end());
  EXPECT_EQ(all.size(), 40);
  EXPECT_EQ(static_cast<const arrow::StringArray&>(*drawn.compared->column(4)).GetString(0),
            "label 0");
}

TEST(DrawPhotos, says_that_there_are_none) {
  const TempFolder folder;
  EXPECT_TRUE(DrawPhotos(Of(folder), 1, 1).status().IsInvalid());
}

TEST(DigestPhotos, is_another_one_of_other_bytes_and_other_names) {
  const TempFolder folder;
  Fill(folder, 20);
  const auto digest = [&] {
    return DigestPhotos(Of(folder), *DrawPhotos(Of(folder), 20, 0)->calibrated).ValueOrDie();
  };
  const std::string before = digest();
  EXPECT_EQ(before.size(), std::string("sha256:").size() + 64);
  folder.Write("label 0/0.jpg", "bytez 0");
  const std::string other_bytes = digest();
  EXPECT_NE(other_bytes, before);
  std::filesystem::rename(folder.string() + "/label 0/0.jpg", folder.string() + "/label 0/z.jpg");
  EXPECT_NE(digest(), other_bytes);
}

}  // namespace
}  // namespace pomona
