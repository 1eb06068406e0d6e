#include "pomona/extract/child_reader.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <new>
#include <vector>

// clang-format off: jpeglib.h needs FILE and size_t declared before it.
#include <jpeglib.h>
// clang-format on

#include "pomona/reject.h"
#include "test_images.h"

namespace {

constexpr unsigned kDeadlyWidth = 37;
constexpr unsigned kGreedyWidth = 38;
constexpr size_t kMoreThanAllowed = size_t{3} << 30;

/// How often the decoder still kills its process at a deadly image; shared with children.
std::atomic<int>& DeathsLeft() {
  static auto* deaths = new (::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0)) std::atomic<int>(0);
  return *deaths;
}

}  // namespace

/// Stands before libjpeg's own, and dies of some images, as a decoder with a bug would.
boolean jpeg_start_decompress(j_decompress_ptr jpeg) {
  if (jpeg->image_width == kDeadlyWidth && DeathsLeft()-- > 0) ::kill(::getpid(), SIGKILL);
  if (jpeg->image_width == kGreedyWidth) {
    void* memory = ::mmap(nullptr, kMoreThanAllowed, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    ::munmap(memory, kMoreThanAllowed);
  }
  using Function = boolean (*)(j_decompress_ptr);
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "jpeg_start_decompress"))(jpeg);
}

namespace pomona {
namespace {

using image::Bytes;
using testing::HasSubstr;

class ChildReaderTest : public testing::Test {
 protected:
  static ImageOptions Options() {
    ImageOptions options;
    options.width = options.height = 8;
    return options;
  }
  static Bytes Jpeg(int width) {
    return image::EncodeJpeg(image::DrawPicture(width, 20), width, 20);
  }
  arrow::Status ReadApart(const Bytes& encoded) {
    return child_reader_.Read(reader_, encoded, pixels_.data());
  }

  ImageReader reader_{Options()};
  ChildReader child_reader_{Options()};
  Bytes pixels_ = Bytes(8 * 8 * 3);
};

TEST_F(ChildReaderTest, GivesWhatTheReaderGives) {
  Bytes expected(pixels_.size());
  ASSERT_EQ(reader_.Read(Jpeg(40), expected.data()), arrow::Status::OK());
  ASSERT_EQ(ReadApart(Jpeg(40)), arrow::Status::OK());
  EXPECT_EQ(pixels_, expected);

  const Bytes text = {'t', 'e', 'x', 't'};
  const arrow::Status rejected = ReadApart(text);
  EXPECT_EQ(RejectReasonOf(rejected), RejectReason::kUnsupportedFormat);
  EXPECT_EQ(rejected.message(), reader_.Read(text, pixels_.data()).message());
}

TEST_F(ChildReaderTest, AnImageThatKillsItsProcessTwiceIsPoison) {
  DeathsLeft() = 2;
  const arrow::Status status = ReadApart(Jpeg(kDeadlyWidth));
  EXPECT_EQ(RejectReasonOf(status), RejectReason::kPoison);
  EXPECT_THAT(status.message(), HasSubstr("signal 9"));
  EXPECT_EQ(DeathsLeft(), 0);
  EXPECT_EQ(ReadApart(Jpeg(40)), arrow::Status::OK());
}

TEST_F(ChildReaderTest, AnImageThatIsReadWhenAloneIsNotBlamed) {
  DeathsLeft() = 1;
  EXPECT_EQ(ReadApart(Jpeg(kDeadlyWidth)), arrow::Status::OK());
  EXPECT_EQ(DeathsLeft(), -1);
}

TEST_F(ChildReaderTest, AChildHasLessMemoryThanItsParent) {
  EXPECT_EQ(reader_.Read(Jpeg(kGreedyWidth), pixels_.data()), arrow::Status::OK());
  const arrow::Status status = ReadApart(Jpeg(kGreedyWidth));
  EXPECT_EQ(RejectReasonOf(status), RejectReason::kTooMuchMemory) << status;
}

}  // namespace
}  // namespace pomona
