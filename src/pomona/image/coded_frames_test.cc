#include "pomona/image/coded_frames.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace pomona::image {
namespace {

using Bytes = std::vector<uint8_t>;

/// Bits of a header, the highest first.
class Bits {
 public:
  Bits& Put(uint32_t value, int bits) {
    for (int i = bits - 1; i >= 0; --i, ++count_) {
      if (count_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() |= static_cast<uint8_t>((value >> i & 1) << (7 - count_ % 8));
    }
    return *this;
  }
  Bits& PutUniversal(uint32_t value) {
    int bits = 1;
    while ((value + 1) >> bits != 0) ++bits;
    return Put(0, bits - 1).Put(value + 1, bits);
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  int count_ = 0;
};

/// An OBU that says its length.
Bytes Obu(int type, const Bytes& payload) {
  Bytes obu{static_cast<uint8_t>(type << 3 | 2), static_cast<uint8_t>(payload.size())};
  obu.insert(obu.end(), payload.begin(), payload.end());
  return obu;
}

Bytes Join(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// A sequence of 4:2:0, 8 bits, with a header for a still picture.
Bytes Still(uint32_t width, uint32_t height) {
  Bits bits;
  bits.Put(0, 3).Put(3, 2).Put(0, 5).Put(15, 4).Put(15, 4).Put(width - 1, 16).Put(height - 1, 16);
  bits.Put(0, 6);                          // tools, filters
  bits.Put(0, 3).Put(0, 1).Put(0, 2 + 1);  // depth, grey, description; range
  return Obu(1, bits.Put(0, 16).bytes());
}

/// A sequence whose frames may have another size, with ids, an order and screen content.
Bytes Moving(uint32_t width, uint32_t height, bool decoder_model = false) {
  Bits bits;
  bits.Put(0, 3).Put(0, 2);
  bits.Put(decoder_model ? 1 : 0, 1);
  if (decoder_model) {
    bits.Put(1, 32).Put(25, 32).Put(0, 1);  // intervals differ
    bits.Put(1, 1).Put(9, 5).Put(1, 32).Put(9, 5).Put(7, 5);
  }
  bits.Put(1, 1).Put(0, 5);             // delays, one operating point
  bits.Put(0, 12).Put(8, 5).Put(1, 1);  // level and tier
  if (decoder_model) bits.Put(1, 1).Put(3, 10).Put(3, 10).Put(0, 1);
  bits.Put(1, 1).Put(5, 4);
  bits.Put(10, 4).Put(9, 4).Put(width - 1, 11).Put(height - 1, 10);
  bits.Put(1, 1).Put(3, 4).Put(2, 3);            // ids of 8 bits
  bits.Put(0, 3).Put(0, 4).Put(1, 1).Put(0, 2);  // an order
  bits.Put(1, 1).Put(1, 1).Put(6, 3);            // of 7 bits
  bits.Put(0, 3);
  bits.Put(1, 1).Put(1, 1).Put(0, 1).Put(0, 1);  // deep and grey
  return Obu(1, bits.Put(0, 16).bytes());
}

/// The header of a frame of Moving; a `width` of 0 is the sequence's size.
Bytes Frame(uint32_t type, bool shown, uint32_t width, uint32_t height) {
  Bits bits;
  bits.Put(0, 1).Put(type, 2).Put(shown ? 1 : 0, 1);
  if (!shown) bits.Put(1, 1);
  if (type != 0 || !shown) bits.Put(1, 1);  // resilient
  bits.Put(0, 1).Put(1, 1).Put(0, 1);       // screen content, vectors
  bits.Put(200, 8).Put(width == 0 ? 0 : 1, 1).Put(100, 7);
  if (type != 0 || !shown) bits.Put(1, 8).Put(~0U, 28).Put(~0U, 28);
  if (width != 0) bits.Put(width - 1, 11).Put(height - 1, 10);
  return Obu(3, bits.Put(0, 16).bytes());
}

TEST(Av1FramesTest, AStillPictureHasTheSizeOfItsSequence) {
  const CodedFrames frames = Av1Frames(Join({Still(300, 12609), Obu(6, {0x10, 0})}));
  EXPECT_EQ(frames.width, 300);
  EXPECT_EQ(frames.height, 12609);
  EXPECT_EQ(frames.pixels, 384 * 12672);
  EXPECT_EQ(frames.half_bytes, 3);
}

TEST(Av1FramesTest, WhatIsNotDecodedHasNoSize) {
  EXPECT_EQ(Av1Frames({}).pixels, 0);
  EXPECT_EQ(Av1Frames(Still(300, 200)).pixels, 0);
  EXPECT_EQ(Av1Frames(Obu(6, {0x10, 0})).pixels, 0);
  const Bytes only_shown_again = Join({Moving(1000, 700), Obu(3, {0x80})});
  EXPECT_EQ(Av1Frames(only_shown_again).width, 0);
  Bytes too_long = Still(300, 200);
  too_long[1] = 0x7f;
  EXPECT_EQ(Av1Frames(Join({too_long, Obu(6, {0})})).pixels, 0);
}

TEST(Av1FramesTest, AnObuWithoutALengthIsTheLast) {
  Bytes data = Join({Still(300, 200), {6 << 3, 0x10, 0}});
  EXPECT_EQ(Av1Frames(data).width, 300);
  // As is one with an extension, and padding before it.
  data = Join({Obu(15, Bytes(100)), Still(300, 200), {6 << 3 | 4, 0x00, 0x10, 0}});
  EXPECT_EQ(Av1Frames(data).width, 300);
}

TEST(Av1FramesTest, AFrameMaySayAnotherSize) {
  for (const bool shown : {true, false}) {
    CodedFrames frames = Av1Frames(Join({Moving(1000, 700), Frame(0, shown, 0, 0)}));
    EXPECT_EQ(frames.width, 1000);
    EXPECT_EQ(frames.height, 700);
    EXPECT_EQ(frames.pixels, 1024 * 768);
    EXPECT_EQ(frames.half_bytes, 4);
    for (const uint32_t type : {0, 2}) {
      frames = Av1Frames(Join({Moving(1000, 700), Frame(type, shown, 2000, 90)}));
      EXPECT_EQ(frames.width, 2000);
      EXPECT_EQ(frames.height, 90);
      EXPECT_EQ(frames.pixels, 2048 * 128);
    }
  }
}

TEST(Av1FramesTest, ASizeThatIsHardToReadIsTheLargestForMemoryAlone) {
  const CodedFrames inter = Av1Frames(Join({Moving(1000, 700), Frame(1, true, 500, 90)}));
  EXPECT_EQ(inter.width, 0);
  EXPECT_EQ(inter.pixels, 2048 * 1024);
  Bits key;
  key.Put(0, 1).Put(0, 2).Put(1, 1).Put(77, 8);  // with a time
  key.Put(0, 1).Put(1, 1).Put(0, 1).Put(200, 8).Put(1, 1).Put(0, 30);
  const CodedFrames timed = Av1Frames(Join({Moving(1000, 700, true), Obu(3, key.bytes())}));
  EXPECT_EQ(timed.width, 0);
  EXPECT_EQ(timed.pixels, 2048 * 1024);
}

TEST(Av1FramesTest, LayersAddUp) {
  const Bytes layers = Join({Moving(1000, 700), Frame(0, true, 250, 120), Frame(2, true, 500, 350),
                             Frame(1, true, 0, 0)});
  const CodedFrames frames = Av1Frames(layers);
  EXPECT_EQ(frames.width, 1000);
  EXPECT_EQ(frames.pixels, 256 * 128 + 512 * 384 + 1024 * 768);
}

/// A NAL unit with its sequence's parameters, and the zeros escaped.
Bytes HevcSequence(uint32_t width, uint32_t height, uint32_t layers, int layer_id = 0) {
  Bits bits;
  bits.Put(33, 7).Put(static_cast<uint32_t>(layer_id), 6).Put(1, 3);
  bits.Put(0, 4).Put(layers, 3).Put(1, 1).Put(3, 8);
  for (int i = 0; i < 11; ++i) bits.Put(0, 8);
  if (layers > 0) {
    for (uint32_t i = 0; i < layers; ++i) bits.Put(3, 2);
    for (uint32_t i = layers; i < 8; ++i) bits.Put(0, 2);
    for (uint32_t i = 0; i < 12 * layers; ++i) bits.Put(i == 5 ? 3 : 0, 8);
  }
  bits.PutUniversal(0).PutUniversal(3).Put(0, 1).PutUniversal(width).PutUniversal(height);
  bits.Put(1, 1).PutUniversal(0).PutUniversal(20).PutUniversal(1).PutUniversal(2);
  bits.PutUniversal(2).PutUniversal(0).Put(1, 8);
  Bytes escaped;
  int zeros = 0;
  for (const uint8_t byte : bits.bytes()) {
    if (zeros == 2 && byte <= 3) {
      escaped.push_back(3);
      zeros = 0;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    escaped.push_back(byte);
  }
  return escaped;
}

Bytes BehindLength(const Bytes& unit) {
  Bytes all{0, 0, 0, static_cast<uint8_t>(unit.size())};
  all.insert(all.end(), unit.begin(), unit.end());
  return all;
}

Bytes Configuration(const Bytes& unit) {
  Bytes all(22);
  all.insert(all.end(), {1, 33, 0, 1, 0, static_cast<uint8_t>(unit.size())});
  all.insert(all.end(), unit.begin(), unit.end());
  return all;
}

TEST(HevcFramesTest, ASequenceSaysTheSizeWhereverItIs) {
  for (const uint32_t layers : {0, 1, 6}) {
    const Bytes sequence = HevcSequence(5000, 3000, layers);
    for (const CodedFrames& frames :
         {HevcFrames(Configuration(sequence), {}), HevcFrames({}, BehindLength(sequence))}) {
      EXPECT_EQ(frames.width, 4980);
      EXPECT_EQ(frames.height, 2997);
      EXPECT_EQ(frames.pixels, 5056 * 3008);
      EXPECT_EQ(frames.half_bytes, 12);
    }
  }
}

TEST(HevcFramesTest, TheOtherEyeIsNotDecoded) {
  EXPECT_EQ(HevcFrames(Configuration(HevcSequence(5000, 3000, 0, 1)), {}).pixels, 0);
}

TEST(HevcFramesTest, PicturesAddUp) {
  const Bytes sequence = HevcSequence(640, 64, 0);
  const Bytes first = BehindLength({40, 1, 0x80});
  const Bytes further = BehindLength({40, 1, 0x00});
  EXPECT_EQ(HevcFrames(Configuration(sequence), Join({first, further, first})).pixels,
            2 * 640 * 64);
}

TEST(HevcFramesTest, DamageEndsIt) {
  Bytes configuration = Configuration(HevcSequence(640, 64, 0));
  configuration.resize(40);
  EXPECT_EQ(HevcFrames(configuration, {}).pixels, 0);
  EXPECT_EQ(HevcFrames({}, Bytes{0, 0, 1, 0, 66, 1, 2}).pixels, 0);
}

}  // namespace
}  // namespace pomona::image
