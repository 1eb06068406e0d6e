#include "pomona/storage/s3/checksum.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(S3Checksum, is_sha256_in_base64) {
  EXPECT_EQ(S3Checksum(Sha256Of("two")), "P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM=");
}

// What two servers answered for 5 MiB of "x" and "yy".
TEST(S3Checksum, of_pieces_is_that_of_their_digests_and_their_number) {
  const std::string first(size_t{5} << 20, 'x');
  const Sha256Digest pieces[] = {Sha256Of(first), Sha256Of("yy")};
  EXPECT_EQ(S3CompositeChecksum(pieces), "Tn+ymj3jPXOCn8KbdqpxYpA3OHY4azTp0CmaEvMQib8=-2");
}

TEST(S3RunningChecksum, does_not_mind_how_the_bytes_come) {
  const std::string bytes = "aaaabbbbcc";
  const Sha256Digest pieces[] = {Sha256Of("aaaa"), Sha256Of("bbbb"), Sha256Of("cc")};
  for (size_t step = 1; step <= bytes.size(); ++step) {
    S3RunningChecksum in_pieces(4), whole(0);
    for (size_t at = 0; at < bytes.size(); at += step) {
      in_pieces.Update(bytes.substr(at, step));
      whole.Update(bytes.substr(at, step));
    }
    EXPECT_EQ(in_pieces.Value(), S3CompositeChecksum(pieces)) << step;
    EXPECT_EQ(whole.Value(), S3Checksum(Sha256Of(bytes))) << step;
  }
}

TEST(S3RunningChecksum, ends_with_a_full_piece) {
  S3RunningChecksum running(4);
  running.Update("aaaabbbb");
  const Sha256Digest pieces[] = {Sha256Of("aaaa"), Sha256Of("bbbb")};
  EXPECT_EQ(running.Value(), S3CompositeChecksum(pieces));
}

}  // namespace
}  // namespace pomona
