#include "pomona/image/image_budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/image/image_reader.h"
#include "pomona/reject.h"
#include "test_images.h"

namespace pomona::image {
namespace {

using testing::HasSubstr;

ImageOptions Limits(double seconds, int64_t memory) {
  ImageOptions options;
  options.width = options.height = 8;
  options.max_image_seconds = seconds;
  options.max_image_memory = memory;
  return options;
}

constexpr double kNoTime = 1e-9;
constexpr int64_t kGibibyte = 1 << 30;

TEST(ImageBudgetTest, MemoryAddsUpAndIsNewForEachImage) {
  ImageBudget budget(Limits(1, 100));
  ASSERT_TRUE(budget.Start(40).ok());
  EXPECT_TRUE(budget.Take(60).ok());
  const arrow::Status over = budget.Take(1);
  EXPECT_EQ(RejectReasonOf(over), RejectReason::kTooMuchMemory);
  EXPECT_THAT(over.message(), HasSubstr("101 bytes"));
  EXPECT_THAT(over.message(), HasSubstr("limit is 100"));
  EXPECT_TRUE(budget.Start(100).ok());
  EXPECT_EQ(RejectReasonOf(budget.Start(101)), RejectReason::kTooMuchMemory);
}

TEST(ImageBudgetTest, TheClockIsLookedAtOnceInAWhile) {
  ImageBudget budget(Limits(kNoTime, kGibibyte));
  ASSERT_TRUE(budget.Start(1).ok());
  EXPECT_TRUE(budget.Spend(ImageBudget::kPixelsPerLook - 1).ok());
  const arrow::Status over = budget.Spend(1);
  EXPECT_EQ(RejectReasonOf(over), RejectReason::kTooSlow);
  EXPECT_TRUE(budget.Spend(1).ok());
}

/// One large image of each way in which the decoders hold, or spend, more than a few rows.
struct Large {
  const char* name;
  Bytes encoded;
  int64_t held;  ///< bytes beyond a few rows
};

constexpr int kWidth = 640;
constexpr int kHeight = 480;
constexpr int64_t kPixels = kWidth * kHeight;

std::vector<Large> LargeImages() {
  const Bytes rgb = DrawPicture(kWidth, kHeight, 3);
  const Bytes rgba = DrawPicture(kWidth, kHeight, 4);
  const Bytes grey = DrawPicture(kWidth, kHeight, 1);
  return {
      {"baseline JPEG", EncodeJpeg(rgb, kWidth, kHeight), 0},
      {"progressive JPEG", EncodeJpeg(rgb, kWidth, kHeight, {.progressive = true}), 3 * kPixels},
      {"PNG", EncodePng(rgb, kWidth, kHeight, 2, 8), 0},
      {"interlaced PNG", EncodePng(rgb, kWidth, kHeight, 2, 8, true), 3 * kPixels},
      {"interlaced PNG of 4 bits", EncodePng(grey, 2 * kWidth, kHeight, 0, 4, true), kPixels},
      {"lossy WebP", EncodeWebp(rgba, kWidth, kHeight, 50), 8 * kPixels},
      {"lossless WebP", EncodeWebp(rgba, kWidth, kHeight), 7 * kPixels},
      {"PPM", EncodePnm("P6 640 480 255\n", rgb), 0},
  };
}

arrow::Status Read(const Bytes& encoded, const ImageOptions& options) {
  ImageReader reader(options);
  Bytes pixels(static_cast<size_t>(options.width) * options.height * 3);
  return reader.Read(encoded, pixels.data());
}

TEST(ImageBudgetTest, EveryFormatEndsWhenItsTimeIsUp) {
  for (const Large& large : LargeImages()) {
    EXPECT_EQ(Read(large.encoded, Limits(100, kGibibyte)), arrow::Status::OK()) << large.name;
    EXPECT_EQ(RejectReasonOf(Read(large.encoded, Limits(kNoTime, kGibibyte))),
              RejectReason::kTooSlow)
        << large.name;
  }
}

TEST(ImageBudgetTest, WhatAFormatHoldsCountsBeforeItIsAllocated) {
  for (const Large& large : LargeImages()) {
    const auto file = static_cast<int64_t>(large.encoded.size());
    EXPECT_EQ(Read(large.encoded, Limits(100, file + large.held + kPixels / 10)),
              arrow::Status::OK())
        << large.name;
    const int64_t less = file + large.held - 1;
    EXPECT_EQ(RejectReasonOf(Read(large.encoded, Limits(100, less))), RejectReason::kTooMuchMemory)
        << large.name;
  }
}

/// While it lives, this process cannot have more than so many further bytes of address space.
class LessAddressSpace {
 public:
  explicit LessAddressSpace(rlim_t bytes) {
    rlim_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    EXPECT_GT(pages, 0u);
    ::getrlimit(RLIMIT_AS, &before_);
    rlimit less = before_;
    less.rlim_cur = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + bytes;
    EXPECT_EQ(::setrlimit(RLIMIT_AS, &less), 0);
  }
  ~LessAddressSpace() { ::setrlimit(RLIMIT_AS, &before_); }
  LessAddressSpace(const LessAddressSpace&) = delete;
  LessAddressSpace& operator=(const LessAddressSpace&) = delete;

 private:
  rlimit before_{};
};

TEST(ImageBudgetTest, AnInterlacedPngIsRefusedBeforeThereIsMemoryForIt) {
  // 800 MB, were there pixels. One that is not interlaced is begun, as it takes a row at a time.
  constexpr int64_t kSide = 10'000, kPixelBytes = 8;
  const auto png = [](bool interlaced) {
    return PngWithSize(EncodePng(Bytes(size_t{8} * 8 * kPixelBytes), 8, 8, 6, 16, interlaced),
                       kSide, kSide);
  };
  const LessAddressSpace limit(256 << 20);
  const arrow::Status refused = Read(png(true), Limits(100, kSide * kSide * kPixelBytes));
  EXPECT_EQ(RejectReasonOf(refused), RejectReason::kTooMuchMemory);
  EXPECT_THAT(refused.message(), HasSubstr("image needs 8000"));
  EXPECT_EQ(RejectReasonOf(Read(png(false), Limits(100, kGibibyte))), RejectReason::kCorrupt);
}

TEST(ImageBudgetTest, TinyChunksOfAWebpCostTimeAndNoMemory) {
  const Bytes picture = DrawPicture(8, 8, 4);
  const Bytes webp = EncodeWebp(picture, 8, 8);
  const Bytes many = WebpBehindChunks(webp, 8, 8, 1 << 20, 6);
  const auto file = static_cast<int64_t>(many.size());
  for (const bool exif_rotate : {false, true}) {
    ImageOptions options = Limits(100, file + int64_t{8} * 8 * 20);
    options.exif_rotate = exif_rotate;
    EXPECT_EQ(Read(many, options), arrow::Status::OK());
    options.max_image_seconds = kNoTime;
    EXPECT_EQ(Read(webp, options), arrow::Status::OK());
    EXPECT_EQ(RejectReasonOf(Read(many, options)), RejectReason::kTooSlow);
  }
}

TEST(ImageBudgetTest, ChunksOfAnAnimationCountAsWhatLibwebpHoldsOfThem) {
  constexpr int64_t kChunks = 10'000;
  const Bytes webp = EncodeWebp(DrawPicture(8, 8, 4), 8, 8);
  const Bytes many = WebpBehindChunks(webp, 8, 8, kChunks, 1, /*animated=*/true);
  const auto file = static_cast<int64_t>(many.size());
  EXPECT_EQ(Read(many, Limits(100, file + kChunks * 70)), arrow::Status::OK());
  EXPECT_EQ(RejectReasonOf(Read(many, Limits(100, file + kChunks * 30))),
            RejectReason::kTooMuchMemory);
}

TEST(ImageBudgetTest, PngTextsAndProfilesCostNothing) {
  // A hundred texts and profiles of 64 MiB each, were they inflated.
  const Bytes bomb = PngWithTextBombs(100, 64 << 20);
  rusage before{};
  rusage after{};
  ASSERT_EQ(::getrusage(RUSAGE_SELF, &before), 0);
  for (const bool exif_rotate : {false, true}) {
    ImageOptions options = Limits(1, kGibibyte);
    options.exif_rotate = exif_rotate;
    EXPECT_EQ(Read(bomb, options), arrow::Status::OK());
  }
  ASSERT_EQ(::getrusage(RUSAGE_SELF, &after), 0);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 32 << 10);  // KiB
}

TEST(ImageBudgetTest, ScansTimesPixelsAreBounded) {
  const Bytes jpeg = EncodeJpeg(DrawPicture(64, 64, 1), 64, 64, {.channels = 1, .scans = 64});
  ImageOptions options = Limits(100, kGibibyte);
  EXPECT_EQ(Read(jpeg, options), arrow::Status::OK());
  options.max_pixels = 64 * 64;
  EXPECT_EQ(RejectReasonOf(Read(jpeg, options)), RejectReason::kTooSlow);
}

}  // namespace
}  // namespace pomona::image
