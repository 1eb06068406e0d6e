#include "pomona/image/heif_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/image/heif_items.h"
#include "pomona/image/image_reader.h"
#include "pomona/reject.h"

namespace pomona::image {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes Seed(const std::string& name) {
  std::ifstream file("fuzz/seeds/fuzz_image/" + name, std::ios::binary);
  Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_FALSE(bytes.empty()) << name;
  return bytes;
}

ImageOptions Size(int width, int height) {
  ImageOptions options;
  options.width = width;
  options.height = height;
  return options;
}

arrow::Status Read(const Bytes& encoded, const ImageOptions& options) {
  Bytes pixels(static_cast<size_t>(options.width) * options.height * 3);
  return ImageReader(options).Read(encoded, pixels.data());
}

arrow::Result<HeifMemory> Memory(const Bytes& file, const ImageOptions& options = {}) {
  ImageBudget budget(options);
  ARROW_RETURN_NOT_OK(budget.Start(file.size()));
  return HeifMemoryOf(file, options, budget);
}

/// Writes bits over those that begin `skipped` bits behind `mark`, whose `nth` find it is.
Bytes Overwrite(Bytes file, const Bytes& mark, int nth, size_t skipped, std::string_view bits) {
  auto found = file.begin();
  for (; nth >= 0; --nth) {
    found = std::search(found + 1, file.end(), mark.begin(), mark.end());
    EXPECT_NE(found, file.end());
  }
  size_t at = static_cast<size_t>(found - file.begin()) * 8 + skipped;
  for (const char bit : bits) {
    const auto mask = static_cast<uint8_t>(0x80 >> at % 8);
    file[at / 8] = static_cast<uint8_t>((file[at / 8] & ~mask) | (bit == '1' ? mask : 0));
    ++at;
  }
  return file;
}

std::string Bits(uint32_t value, int bits) {
  std::string text;
  for (int i = bits - 1; i >= 0; --i) text += (value >> i & 1) != 0 ? '1' : '0';
  return text;
}

/// An AVIF of a still picture whose `nth` sequence header says another size. What follows in the
/// header is damage.
Bytes WithAv1Frame(const std::string& name, int nth, uint32_t width, uint32_t height) {
  constexpr size_t kBehindLevel = 10;
  constexpr int kBits = 14;
  return Overwrite(
      Seed(name), {0x12, 0x00, 0x0a}, nth, 32 + kBehindLevel,
      Bits(kBits - 1, 4) + Bits(kBits - 1, 4) + Bits(width - 1, kBits) + Bits(height - 1, kBits));
}

Bytes WithHevcFrame(uint32_t width, uint32_t height) {
  constexpr size_t kBehindChroma = 4;
  const auto universal = [](uint32_t value) { return Bits(0, 13) + Bits(value + 1, 14); };
  return Overwrite(Seed("rgb.heic"), {0xa0, 0x20, 0x81}, 0, kBehindChroma,
                   universal(width) + universal(height) + "0");
}

TEST(HeifMemoryTest, SoundFilesAreRead) {
  for (const char* name : {"rgb.avif", "rgba.avif", "rgba_of_10_bits.avif", "rgb.heic"}) {
    EXPECT_TRUE(Read(Seed(name), Size(16, 16)).ok()) << name;
  }
}

TEST(HeifMemoryTest, IsOfBlocksDepthAndChroma) {
  const HeifMemory rgb = *Memory(Seed("rgb.avif"));
  EXPECT_EQ(rgb.pixels, 128 * 128);
  EXPECT_EQ(rgb.bytes_a_pixel, 12);
  const HeifMemory deep = *Memory(Seed("rgba_of_10_bits.avif"));
  EXPECT_EQ(deep.pixels, 128 * 128);
  EXPECT_EQ(deep.bytes_a_pixel, 18);
  const HeifMemory heic = *Memory(Seed("rgb.heic"));
  EXPECT_EQ(heic.pixels, 64 * 64);
  EXPECT_EQ(heic.bytes_a_pixel, 12);
  const HeifMemory none = *Memory({});
  EXPECT_EQ(none.pixels, 0);
  EXPECT_EQ(none.bytes_a_pixel, 12);
}

TEST(HeifMemoryTest, AFrameThatIsLargerThanItsBoxSaysIsRejected) {
  struct Case {
    Bytes large;
    Bytes huge;
  };
  const std::string rgba = "rgba_of_10_bits.avif";
  for (const Case& each :
       {Case{WithAv1Frame("rgb.avif", 0, 12000, 10000), WithAv1Frame("rgb.avif", 0, 16384, 15000)},
        Case{WithAv1Frame(rgba, 0, 12000, 10000), WithAv1Frame(rgba, 0, 16384, 15000)},
        Case{WithAv1Frame(rgba, 1, 12000, 10000), WithAv1Frame(rgba, 1, 16384, 15000)},
        Case{WithHevcFrame(12000, 10000), WithHevcFrame(16000, 15000)}}) {
    const arrow::Status large = Read(each.large, Size(16, 16));
    EXPECT_EQ(RejectReasonOf(large), RejectReason::kTooMuchMemory) << large;
    const arrow::Status huge = Read(each.huge, Size(16, 16));
    EXPECT_EQ(RejectReasonOf(huge), RejectReason::kTooManyPixels) << huge;
  }
}

TEST(HeifMemoryTest, AThinFrameTakesWholeBlocks) {
  ImageOptions options = Size(16, 16);
  options.max_image_memory = 1 << 24;
  const arrow::Status status = Read(WithAv1Frame("rgb.avif", 0, 1, 16384), options);
  EXPECT_EQ(RejectReasonOf(status), RejectReason::kTooMuchMemory) << status;
}

void Append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

Bytes Box(std::string_view type, std::initializer_list<Bytes> contents) {
  Bytes box{0, 0, 0, 0};
  box.insert(box.end(), type.begin(), type.end());
  for (const Bytes& content : contents) Append(box, content);
  box[2] = static_cast<uint8_t>(box.size() >> 8);
  box[3] = static_cast<uint8_t>(box.size());
  return box;
}

Bytes Infe(uint8_t id, std::string_view type) {
  Bytes content{2, 0, 0, 0, 0, id, 0, 0};
  content.insert(content.end(), type.begin(), type.end());
  return Box("infe", {content, {0}});
}

Bytes Reference(std::string_view type, uint8_t from, const Bytes& to) {
  Bytes content{0, from, 0, static_cast<uint8_t>(to.size())};
  for (const uint8_t id : to) Append(content, {0, id});
  return Box(type, {content});
}

/// An item whose bytes are in `idat`, each extent an offset and a length.
Bytes Place(uint8_t id, const Bytes& extents) {
  Bytes place{0, id, 0, 1, 0, 0, 0, static_cast<uint8_t>(extents.size() / 2)};
  for (const uint8_t number : extents) Append(place, {0, 0, 0, number});
  return place;
}

/// A grid (1) of two tiles (2 and 3), its alpha (4), a thumbnail (5) and something else (6): all of
/// them AV1, of which the bytes do not matter.
Bytes Grid(const Bytes& canvas) {
  Bytes idat{canvas};
  idat.resize(64);
  for (size_t i = 32; i < idat.size(); ++i) idat[i] = static_cast<uint8_t>(i);
  const Bytes zeros(4);
  const Bytes av1c{0x81, 0, 0, 0, 0xee};
  return Box("meta", {zeros, Box("pitm", {zeros, {0, 1}}),
                      Box("iinf", {zeros,
                                   {0, 6},
                                   Infe(1, "grid"),
                                   Infe(2, "av01"),
                                   Infe(3, "av01"),
                                   Infe(4, "av01"),
                                   Infe(5, "av01"),
                                   Infe(6, "av01")}),
                      Box("iloc", {{1, 0, 0, 0, 0x44, 0x00, 0, 6},
                                   Place(1, {0, static_cast<uint8_t>(canvas.size())}),
                                   Place(2, {32, 1, 40, 2}),
                                   Place(3, {33, 1}),
                                   Place(4, {34, 1}),
                                   Place(5, {35, 1}),
                                   Place(6, {60, 5})}),
                      Box("iref", {zeros, Reference("dimg", 1, {2, 3}), Reference("auxl", 4, {1}),
                                   Reference("thmb", 5, {1})}),
                      Box("iprp", {Box("ipco", {Box("free", {}), Box("av1C", {av1c})}),
                                   Box("ipma", {zeros, {0, 0, 0, 1, 0, 2, 1, 0x82}})}),
                      Box("idat", {idat})});
}

TEST(HeifItemsTest, AreThoseThatThePrimaryImageNeeds) {
  const Bytes file = Grid({0, 0, 0, 1, 0, 200, 0, 100});
  ImageBudget budget((ImageOptions()));
  ASSERT_TRUE(budget.Start(0).ok());
  std::vector<HeifItem> items = *HeifItemsOf(file, budget);
  std::sort(items.begin(), items.end(), [](const HeifItem& a, const HeifItem& b) {
    return a.pieces[0].data() < b.pieces[0].data();
  });
  ASSERT_EQ(items.size(), 4U);
  EXPECT_EQ(items[0].type, "grid");
  EXPECT_FALSE(items[0].is_part);
  EXPECT_EQ(items[1].type, "av01");
  EXPECT_TRUE(items[1].is_part);
  EXPECT_EQ(items[1].configuration.size(), 5U);
  ASSERT_EQ(items[1].pieces.size(), 2U);
  EXPECT_EQ(items[1].pieces[1].size(), 2U);
  EXPECT_EQ(items[1].pieces[1][0], 40);
  EXPECT_EQ(items[2].pieces[0][0], 33);
  EXPECT_TRUE(items[2].configuration.empty());
  EXPECT_EQ(items[3].pieces[0][0], 34);
  EXPECT_FALSE(items[3].is_part);
}

TEST(HeifMemoryTest, ACanvasOfTilesIsAsLargeAsItSays) {
  const HeifMemory small = *Memory(Grid({0, 0, 0, 1, 0, 200, 0, 100}));
  EXPECT_EQ(small.pixels, 200 * 100);
  const auto large = Memory(Grid({0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0}));  // 65536 x 65536
  EXPECT_EQ(RejectReasonOf(large.status()), RejectReason::kTooManyPixels) << large.status();
}

/// Boxes that claim what is not there, or refer to themselves.
TEST(HeifMemoryTest, DamageIsNothing) {
  const Bytes sound = Seed("rgba.avif");
  for (size_t size = 0; size < sound.size(); size += 3) {
    EXPECT_TRUE(Memory(Bytes(sound.begin(), sound.begin() + size)).ok());
  }
  const Bytes zeros(4);
  const Bytes round = Box(
      "meta", {zeros, Box("pitm", {zeros, {0, 1}}), Box("iinf", {zeros, {0, 1}, Infe(1, "iovl")}),
               Box("iref", {zeros, Reference("dimg", 1, {1, 1}), Reference("auxl", 1, {1})})});
  EXPECT_EQ(Memory(round)->pixels, 0);
}

TEST(HeifMemoryTest, PiecesThatLieOnOneAnotherCountEach) {
  Bytes many;
  for (int i = 0; i < 64; ++i) Append(many, {0, 64});
  const Bytes zeros(4);
  const Bytes file = Box(
      "meta",
      {zeros, Box("pitm", {zeros, {0, 1}}), Box("iinf", {zeros, {0, 1}, Infe(1, "av01")}),
       Box("iloc", {{1, 0, 0, 0, 0x44, 0x00, 0, 1}, Place(1, many)}), Box("idat", {Bytes(64)})});
  ImageOptions options;
  ImageBudget budget(options);
  ASSERT_TRUE(budget.Start(0).ok());
  const uint64_t before = budget.memory_left();
  ASSERT_TRUE(HeifMemoryOf(file, options, budget).ok());
  EXPECT_GE(before - budget.memory_left(), 64U * 64);
}

}  // namespace
}  // namespace pomona::image
