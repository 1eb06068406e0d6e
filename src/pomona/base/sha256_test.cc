#include "pomona/base/sha256.h"

#include <gtest/gtest.h>

#include <string>

namespace pomona {
namespace {

std::string HexOf(const std::string& text) {
  Sha256 hash;
  hash.Update(text);
  return hash.Hex();
}

// The examples of FIPS 180-2, appendix B.
TEST(Sha256, OfNothing) {
  EXPECT_EQ(Sha256().Hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, OfOneBlock) {
  EXPECT_EQ(HexOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, OfTwoBlocks) {
  EXPECT_EQ(HexOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, OfOneTextAfterAnother) {
  Sha256 hash;
  for (const char* text : {"abc", "", "abc", "abcd"}) {
    hash.Update(std::string_view(text));
    EXPECT_EQ(hash.Digest(), Sha256Of(text)) << text;
  }
}

TEST(Sha256, OfAMillionBytesInPieces) {
  Sha256 hash;
  const std::string piece(1000, 'a');
  for (int i = 0; i < 1000; ++i) hash.Update(piece);
  EXPECT_EQ(hash.Hex(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace pomona
