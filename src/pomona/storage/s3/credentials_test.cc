#include "pomona/storage/s3/credentials.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

namespace pomona {
namespace {

using Renewal = S3CredentialSource::Renewal;

constexpr std::chrono::hours kForEver{1000};

std::shared_ptr<const S3Credentials> Keys(const std::string& name) {
  return std::make_shared<const S3Credentials>(S3Credentials{name, "secret", ""});
}

Renewal RenewUntilLoaded(S3CredentialSource& source,
                         const std::shared_ptr<const S3Credentials>& used) {
  Renewal renewal;
  while ((renewal = source.Renew(used)) == Renewal::kPending) std::this_thread::yield();
  return renewal;
}

TEST(S3CredentialSource, refused_keys_are_read_again) {
  S3CredentialSource source(
      Keys("old"),
      [] {
        return S3Credentials{"new", "secret", "t"};
      },
      kForEver);
  const auto used = source.Get();
  EXPECT_EQ(used->access_key, "old");
  EXPECT_EQ(RenewUntilLoaded(source, used), Renewal::kRenewed);
  EXPECT_EQ(source.Get()->access_key, "new");
}

TEST(S3CredentialSource, keys_that_stay_the_same_are_given_up) {
  std::atomic<int> loads{0};
  S3CredentialSource source(
      Keys("same"),
      [&] {
        ++loads;
        return S3Credentials{"same", "secret", ""};
      },
      kForEver);
  EXPECT_EQ(RenewUntilLoaded(source, source.Get()), Renewal::kSame);
  EXPECT_EQ(RenewUntilLoaded(source, source.Get()), Renewal::kSame);
  EXPECT_EQ(loads, 1);
}

TEST(S3CredentialSource, keys_that_cannot_be_read_any_more_stay) {
  S3CredentialSource source(
      Keys("old"), [] { return S3Credentials{}; }, kForEver);
  EXPECT_EQ(RenewUntilLoaded(source, source.Get()), Renewal::kSame);
  EXPECT_EQ(source.Get()->access_key, "old");
}

TEST(S3CredentialSource, explicit_keys_are_never_read_again) {
  S3CredentialSource source(Keys("mine"), nullptr, std::chrono::milliseconds(0));
  EXPECT_EQ(source.Get()->access_key, "mine");
  EXPECT_EQ(source.Renew(source.Get()), Renewal::kSame);
}

TEST(S3CredentialSource, old_keys_are_read_again_in_the_background) {
  S3CredentialSource source(
      Keys("old"),
      [] {
        return S3Credentials{"new", "secret", ""};
      },
      std::chrono::milliseconds(0));
  while (source.Get()->access_key != "new") std::this_thread::yield();
}

TEST(S3CredentialSource, reading_once_a_minute_is_no_doubt) {
  // The minute's load gave the same keys; later they expire, and the load gives others.
  std::mutex mutex;
  std::deque<std::string> names = {"a", "a"};
  S3CredentialSource source(
      Keys("a"),
      [&] {
        std::lock_guard lock(mutex);
        std::string name = "b";
        if (!names.empty()) {
          name = names.front();
          names.pop_front();
        }
        return S3Credentials{name, "secret", ""};
      },
      std::chrono::milliseconds(0));
  const auto used = source.Get();
  while (source.Get()->access_key != "b") std::this_thread::yield();
  EXPECT_EQ(source.Renew(used), Renewal::kRenewed);
}

}  // namespace
}  // namespace pomona
