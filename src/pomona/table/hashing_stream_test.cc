#include "pomona/table/hashing_stream.h"

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <gtest/gtest.h>

#include <string>

namespace pomona {
namespace {

constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(HashingStream, PassesOnWhatItCountsAndHashes) {
  auto sink = arrow::io::BufferOutputStream::Create().ValueOrDie();
  HashingStream stream(sink);
  ASSERT_TRUE(stream.Write("a", 1).ok());
  ASSERT_TRUE(stream.Write("bc", 2).ok());
  EXPECT_EQ(stream.bytes(), 3);
  EXPECT_EQ(stream.Tell().ValueOrDie(), 3);
  EXPECT_EQ(stream.FinishSha256(), kAbc);
  EXPECT_EQ(sink->Finish().ValueOrDie()->ToString(), "abc");
}

TEST(HashingStream, ClosingItLeavesTheSinkOpen) {
  auto sink = arrow::io::BufferOutputStream::Create().ValueOrDie();
  HashingStream stream(sink);
  ASSERT_TRUE(stream.Close().ok());
  EXPECT_TRUE(stream.closed());
  EXPECT_FALSE(sink->closed());
}

TEST(Sha256Of, AFileOfSeveralPieces) {
  const std::string text((4 << 20) + 17, 'x');
  Sha256 whole;
  whole.Update(text);
  arrow::io::BufferReader file(arrow::Buffer::FromString(text));
  EXPECT_EQ(Sha256Of(file).ValueOrDie(), whole.Hex());
}

TEST(Sha256Of, AnEmptyFile) {
  arrow::io::BufferReader file(arrow::Buffer::FromString(""));
  EXPECT_EQ(Sha256Of(file).ValueOrDie(), Sha256().Hex());
}

}  // namespace
}  // namespace pomona
