#include "pomona/demo.h"

#include <gtest/gtest.h>
#include <jpeglib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

#include "temp_folder.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;

class DemoTest : public ::testing::Test {
 protected:
  const TempFolder temp_;
  const fs::path folder_ = temp_.path();
};

constexpr DemoOptions kSmall{.training_per_class = 2, .test_per_class = 1};

/// The content of every file below, by its path.
std::map<std::string, std::string> ReadAll(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream content;
    content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files[entry.path().lexically_relative(folder).generic_string()] = content.str();
  }
  return files;
}

/// "WIDTHxHEIGHTxCHANNELS" after decoding all rows; a warning of the decoder shows.
std::string Decoded(const std::string& jpeg) {
  jpeg_decompress_struct codec;
  jpeg_error_mgr errors;
  codec.err = jpeg_std_error(&errors);
  errors.error_exit = [](j_common_ptr) { throw std::runtime_error("not a JPEG"); };
  jpeg_create_decompress(&codec);
  jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(jpeg.data()), jpeg.size());
  jpeg_read_header(&codec, TRUE);
  jpeg_start_decompress(&codec);
  std::string row(size_t{codec.output_width} * codec.output_components, '\0');
  auto* into = reinterpret_cast<unsigned char*>(row.data());
  while (codec.output_scanline < codec.output_height) jpeg_read_scanlines(&codec, &into, 1);
  std::string size = std::to_string(codec.output_width) + "x" +
                     std::to_string(codec.output_height) + "x" +
                     std::to_string(codec.output_components);
  jpeg_finish_decompress(&codec);
  if (errors.num_warnings > 0) size += " damaged";
  jpeg_destroy_decompress(&codec);
  return size;
}

TEST_F(DemoTest, draws_1200_different_decodable_images_of_12_classes) {
  ASSERT_TRUE(DrawDemo(folder_.string()).ok());
  const auto files = ReadAll(folder_);
  EXPECT_EQ(files.size(), 1200U);
  std::map<std::string, int> per_folder;
  std::set<std::string> contents;
  for (const auto& [path, content] : files) {
    ++per_folder[fs::path(path).parent_path().generic_string()];
    contents.insert(content);
    EXPECT_EQ(Decoded(content), "100x100x3") << path;
  }
  EXPECT_EQ(contents.size(), files.size());
  std::map<std::string, int> expected;
  for (const auto& name : DemoClasses()) {
    expected["Training/" + name] = 75;
    expected["Test/" + name] = 25;
  }
  EXPECT_EQ(expected.size(), 24U);
  EXPECT_EQ(per_folder, expected);
  EXPECT_TRUE(files.contains("Training/Apple Braeburn/0_100.jpg"));
}

TEST_F(DemoTest, draws_the_same_bytes_again) {
  ASSERT_TRUE(DrawDemo((folder_ / "a").string(), kSmall).ok());
  ASSERT_TRUE(DrawDemo((folder_ / "b").string(), kSmall).ok());
  EXPECT_EQ(ReadAll(folder_ / "a"), ReadAll(folder_ / "b"));
}

TEST_F(DemoTest, finishes_what_was_interrupted_and_keeps_what_is_there) {
  ASSERT_TRUE(DrawDemo(folder_.string(), kSmall).ok());
  const auto whole = ReadAll(folder_);
  const fs::path kept = folder_ / "Test/Lemon/0_100.jpg";
  const auto written_at = fs::last_write_time(kept);
  fs::remove(folder_ / "Training/Water Melon/1_100.jpg");
  std::ofstream(folder_ / "Training/Water Melon/1_100.jpg.drawing") << "half";
  ASSERT_TRUE(DrawDemo(folder_.string(), kSmall).ok());
  EXPECT_EQ(ReadAll(folder_), whole);
  EXPECT_EQ(fs::last_write_time(kept), written_at);
}

TEST_F(DemoTest, refuses_a_folder_that_holds_something_else) {
  std::ofstream(folder_ / "thesis.tex") << "years of work";
  const auto status = DrawDemo(folder_.string(), kSmall);
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_NE(status.message().find("holds something else: thesis.tex"), std::string::npos) << status;
  EXPECT_EQ(ReadAll(folder_).size(), 1U);
}

TEST_F(DemoTest, refuses_a_file_and_a_count_below_zero) {
  std::ofstream(folder_ / "file") << "x";
  EXPECT_TRUE(DrawDemo((folder_ / "file").string(), kSmall).IsIOError());
  const auto status = DrawDemo(folder_.string(), {.training_per_class = -1, .test_per_class = 1});
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_NE(status.message().find("training_per_class"), std::string::npos) << status;
}

}  // namespace
}  // namespace pomona
