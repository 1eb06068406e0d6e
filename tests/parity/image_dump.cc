// Reads images with ImageReader and writes what it made of them to stdout: for each file
// one line "ok BYTES" followed by that many bytes of RGB, or "reject CODE MESSAGE".

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "pomona/image/image_reader.h"
#include "pomona/reject.h"

int main(int argc, char** argv) {
  pomona::ImageOptions options;
  std::vector<std::string> files;
  std::string background;
  CLI::App app("Decodes and resizes images, writes raw RGB");
  app.add_option("files", files)->required();
  app.add_option("--width", options.width);
  app.add_option("--height", options.height);
  const std::map<std::string, pomona::ResizeFilter> filters = {
      {"nearest", pomona::ResizeFilter::kNearest},
      {"bilinear", pomona::ResizeFilter::kBilinear},
      {"bicubic", pomona::ResizeFilter::kBicubic}};
  app.add_option("--filter", options.filter)->transform(CLI::CheckedTransformer(filters));
  app.add_option("--max-pixels", options.max_pixels);
  app.add_option("--background", background, "R,G,B");
  app.add_flag("--exif-rotate", options.exif_rotate);
  app.add_flag("--dct-scaling", options.dct_scaling);
  CLI11_PARSE(app, argc, argv);
  if (int r, g, b; std::sscanf(background.c_str(), "%d,%d,%d", &r, &g, &b) == 3) {
    options.background = {static_cast<uint8_t>(r), static_cast<uint8_t>(g),
                          static_cast<uint8_t>(b)};
  }

  pomona::ImageReader reader(options);
  std::vector<uint8_t> pixels(static_cast<size_t>(options.width) * options.height * 3);
  for (const std::string& file : files) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
      fmt::print(stderr, "error: cannot read {}\n", file);
      return 1;
    }
    const std::vector<uint8_t> encoded{std::istreambuf_iterator<char>(stream), {}};
    const arrow::Status status = reader.Read(encoded, pixels.data());
    if (status.ok()) {
      fmt::print("ok {}\n", pixels.size());
      std::fwrite(pixels.data(), 1, pixels.size(), stdout);
    } else if (const auto reason = pomona::RejectReasonOf(status)) {
      fmt::print("reject {} {}\n", pomona::RejectCode(*reason), status.message());
    } else {
      fmt::print(stderr, "error: {}\n", status.ToString());
      return 1;
    }
  }
  return 0;
}
