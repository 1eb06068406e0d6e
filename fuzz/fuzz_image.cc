// Any bytes: sniffed, decoded, resized. Whatever they are, ImageReader returns pixels or a
// reject, in bounded memory.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "pomona/image/image_reader.h"
#include "pomona/reject.h"

namespace {

constexpr int64_t kMaxPixels = 1 << 16;

/// A few unlike settings, one for each remainder of the input's size.
std::array<pomona::ImageOptions, 6> Settings() {
  std::array<pomona::ImageOptions, 6> settings;
  for (pomona::ImageOptions& options : settings) options.max_pixels = kMaxPixels;
  settings[0].width = 64;
  settings[0].height = 64;
  settings[1].width = 33;
  settings[1].height = 7;
  settings[1].filter = pomona::ResizeFilter::kBilinear;
  settings[2].width = 5;
  settings[2].height = 90;
  settings[2].filter = pomona::ResizeFilter::kNearest;
  settings[3].width = settings[3].height = 16;
  settings[3].exif_rotate = true;
  settings[4].width = settings[4].height = 20;
  settings[4].background = {1, 2, 3};
  settings[5].width = settings[5].height = 9;
  settings[5].dct_scaling = true;
  settings[5].exif_rotate = true;
  settings[5].background = {255, 255, 255};
  return settings;
}

struct Reader {
  explicit Reader(const pomona::ImageOptions& options)
      : reader(options), pixels(static_cast<size_t>(options.width) * options.height * 3) {}
  pomona::ImageReader reader;
  std::vector<uint8_t> pixels;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Readers live on: state that one image leaves behind must not hurt the next.
  static const auto readers = [] {
    std::vector<std::unique_ptr<Reader>> all;
    for (const pomona::ImageOptions& options : Settings()) {
      all.push_back(std::make_unique<Reader>(options));
    }
    return all;
  }();
  Reader& reader = *readers[size % readers.size()];
  const arrow::Status status = reader.reader.Read({data, size}, reader.pixels.data());
  // Bytes can only be good or rejected; any other error is a mistake of ours.
  if (!status.ok() && !pomona::RejectReasonOf(status).has_value()) std::abort();
  return 0;
}
