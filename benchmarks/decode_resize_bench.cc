// Decodes and resizes the images listed in a file on one core, without any I/O in the
// measured part: prints one line of JSON a round. Driven by decode_resize.py.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "pomona/image/image_reader.h"

int main(int argc, char** argv) {
  pomona::ImageOptions options;
  std::string list;
  int rounds = 1;
  CLI::App app("Decode and resize, images/s on one core");
  app.add_option("list", list, "file with one path a line")->required();
  app.add_option("--width", options.width);
  app.add_option("--height", options.height);
  app.add_option("--rounds", rounds, "measure again at each line of stdin if 0");
  CLI11_PARSE(app, argc, argv);

  std::vector<std::vector<char>> images;
  std::ifstream paths(list);
  for (std::string path; std::getline(paths, path);) {
    std::ifstream file(path, std::ios::binary);
    images.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (images.empty()) {
    fmt::print(stderr, "error: no images in {}\n", list);
    return 1;
  }

  pomona::ImageReader reader(options);
  std::vector<uint8_t> pixels(static_cast<size_t>(options.width) * options.height * 3);
  for (int round = 0; rounds == 0 ? std::getchar() != EOF : round < rounds; ++round) {
    const int64_t decode_before = reader.decode_ns();
    const int64_t resize_before = reader.resize_ns();
    const auto start = std::chrono::steady_clock::now();
    for (const std::vector<char>& image : images) {
      const arrow::Status status = reader.Read(
          {reinterpret_cast<const uint8_t*>(image.data()), image.size()}, pixels.data());
      if (!status.ok()) {
        fmt::print(stderr, "error: {}\n", status.ToString());
        return 1;
      }
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    const auto micros = [&](int64_t after, int64_t before) {
      return static_cast<double>(after - before) / 1e3 / static_cast<double>(images.size());
    };
    fmt::print(R"({{"images_per_s": {:.1f}, "decode_us": {:.2f}, "resize_us": {:.2f}}})"
               "\n",
               static_cast<double>(images.size()) / elapsed.count(),
               micros(reader.decode_ns(), decode_before),
               micros(reader.resize_ns(), resize_before));
    std::fflush(stdout);
  }
  return 0;
}
