// Any bytes: sniffed, decoded, resized. Whatever they are, ImageReader returns pixels or a
// reject, in memory and CPU time that are measured here.

#include <sanitizer/allocator_interface.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "pomona/image/image_reader.h"
#include "pomona/reject.h"

namespace {

constexpr int64_t kMaxPixels = 1 << 16;
constexpr int64_t kMaxMemory = 4 << 20;
constexpr double kMaxSeconds = 0.5;
/// What a reader needs for itself: tables of the resize, rows, PNG's texts.
constexpr int64_t kOwnMemory = 12 << 20;
/// Sanitizers make the time between two looks at the clock longer.
constexpr double kSpareSeconds = 2;

/// A few unlike settings, one for each remainder of the input's size.
std::array<pomona::ImageOptions, 6> Settings() {
  std::array<pomona::ImageOptions, 6> settings;
  for (pomona::ImageOptions& options : settings) {
    options.max_pixels = kMaxPixels;
    options.max_image_memory = kMaxMemory;
    options.max_image_seconds = kMaxSeconds;
  }
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

/// Bytes allocated now, and the most since the image began. There is one thread.
int64_t live_bytes = 0;
int64_t peak_bytes = 0;

void OnMalloc(const volatile void*, size_t bytes) {
  live_bytes += static_cast<int64_t>(bytes);
  peak_bytes = std::max(peak_bytes, live_bytes);
}

void OnFree(const volatile void* memory) {
  if (memory == nullptr) return;
  live_bytes -=
      static_cast<int64_t>(__sanitizer_get_allocated_size(const_cast<const void*>(memory)));
}

double ThreadSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

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
  static const int hooked = __sanitizer_install_malloc_and_free_hooks(OnMalloc, OnFree);
  if (hooked == 0) std::abort();
  Reader& reader = *readers[size % readers.size()];
  const int64_t live_before = live_bytes;
  peak_bytes = live_bytes;
  const double started = ThreadSeconds();
  const arrow::Status status = reader.reader.Read({data, size}, reader.pixels.data());
  if (peak_bytes > live_before + kMaxMemory + kOwnMemory) std::abort();
  if (ThreadSeconds() - started > kMaxSeconds + kSpareSeconds) std::abort();
  // Bytes can only be good or rejected; any other error is a mistake of ours.
  if (!status.ok() && !pomona::RejectReasonOf(status).has_value()) std::abort();
  return 0;
}
