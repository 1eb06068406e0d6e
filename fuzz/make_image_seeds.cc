// Writes the seed corpus of fuzz_image: one small image of each kind.
// Usage: make_image_seeds DIRECTORY

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "test_images.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_image_seeds DIRECTORY\n");
    return 2;
  }
  namespace image = pomona::image;
  const auto draw = [](int channels) { return image::DrawPicture(20, 18, channels); };
  std::map<std::string, image::Bytes> seeds;
  seeds["rgb.jpg"] = image::EncodeJpeg(draw(3), 20, 18);
  seeds["progressive.jpg"] = image::EncodeJpeg(draw(3), 20, 18, {.progressive = true});
  seeds["grey.jpg"] = image::EncodeJpeg(draw(1), 20, 18, {.channels = 1});
  seeds["cmyk.jpg"] = image::EncodeJpeg(draw(4), 20, 18, {.channels = 4});
  seeds["grey.png"] = image::EncodePng(draw(1), 20, 18, 0, 8);
  seeds["rgb.png"] = image::EncodePng(draw(3), 20, 18, 2, 8);
  seeds["palette.png"] = image::EncodePng(draw(1), 20, 18, 3, 8);
  seeds["grey-alpha.png"] = image::EncodePng(draw(2), 20, 18, 4, 8);
  seeds["rgba16.png"] = image::EncodePng(draw(8), 20, 18, 6, 16);
  seeds["rgba.webp"] = image::EncodeWebp(draw(4), 20, 18);
  seeds["lossy.webp"] = image::EncodeWebp(draw(4), 20, 18, 60);
  seeds["upright.webp"] = image::WebpBehindChunks(seeds["rgba.webp"], 20, 18, 2, 6);
  seeds["animated.webp"] = image::WebpBehindChunks(seeds["lossy.webp"], 20, 18, 2, 6, true);
  seeds["interlaced.png"] = image::EncodePng(draw(3), 20, 18, 2, 8, true);
  seeds["grey.pgm"] = image::EncodePnm("P5\n# drawn\n20 18 255\n", draw(1));
  seeds["dim.ppm"] = image::EncodePnm("P6 20 18 100\n", draw(3));
  seeds["rgba.pam"] = image::EncodePnm(
      "P7\nWIDTH 20\nHEIGHT 18\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n", draw(4));

  seeds["rgb.bmp"] = image::EncodeBmp(draw(3), 20, 18);
  // Runs: of an index, an end of line, a jump, literal indices.
  image::Bytes runs = image::EncodeBmp(image::Bytes(20 * 3 * 6), 20, 6);
  runs.resize(54);
  runs[28] = 8;
  runs[30] = 1;
  runs[46] = 2;
  runs.insert(runs.end(), {9, 8, 7, 0, 4, 3, 2, 0, 20, 1, 0, 0, 0,  2, 3, 1, 17, 0, 0, 0,
                           0, 5, 1, 0, 1, 0, 1, 0, 15, 1, 0, 0, 20, 0, 0, 0, 20, 1, 0, 1});
  seeds["runs.bmp"] = runs;
  seeds["palette.gif"] = image::EncodeGif(draw(1), 20, 18);
  seeds["rgb.tif"] = image::EncodeTiff(draw(3), 20, 18);
  seeds["lzw.tif"] = image::EncodeTiff(draw(1), 20, 18, {.samples = 1, .compression = 5});
  seeds["jpeg.tif"] = image::EncodeTiff(draw(3), 20, 18, {.compression = 7});
  seeds["deflate.tif"] = image::EncodeTiff(draw(4), 20, 18, {.samples = 4, .compression = 8});
  seeds["tiles.tif"] = image::EncodeTiff(draw(3), 20, 18, {.tile = 16});
  seeds["planes.tif"] = image::EncodeTiff(draw(3), 20, 18, {.planar = true});

  const std::filesystem::path directory(argv[1]);
  std::filesystem::create_directories(directory);
  for (const auto& [name, bytes] : seeds) {
    std::ofstream file(directory / name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    if (!file) {
      std::fprintf(stderr, "error: cannot write %s\n", (directory / name).c_str());
      return 1;
    }
  }
  return 0;
}
