#pragma once

#include <arrow/result.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>

#include "pomona/base/clock.h"
#include "pomona/storage.h"

namespace pomona {

/// Keys to sign with. Never written to any message.
struct S3Credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token;  ///< empty: long-lived keys

  bool operator==(const S3Credentials&) const = default;
};

/// Keeps credentials fresh. Thread-safe.
class S3CredentialSource {
 public:
  /// Reads the credentials anew, however long that takes. Empty keys: there are none.
  using Load = std::function<arrow::Result<S3Credentials>()>;

  /// The explicit keys of `storage`, none if it is anonymous, else the SDK's chain: read now,
  /// then every minute in the background, as their owner may rotate them. IOError if the chain
  /// ends without keys. May cost a request to the instance's metadata service.
  static arrow::Result<std::unique_ptr<S3CredentialSource>> Open(const StorageOptions& storage);

  /// `load` empty: `first` for ever.
  S3CredentialSource(std::shared_ptr<const S3Credentials> first, Load load,
                     std::chrono::milliseconds lifetime);
  /// Waits for a read in the background.
  ~S3CredentialSource();

  /// Null: requests are not signed. Cheap; never blocks on the network.
  std::shared_ptr<const S3Credentials> Get();

  enum class Renewal {
    kRenewed,  ///< Get gives others now
    kPending,  ///< being read in the background
    kSame,     ///< read again since, and the same: no use to try again
  };
  /// What to do when the store refused `used`, which Get gave.
  Renewal Renew(const std::shared_ptr<const S3Credentials>& used);

 private:
  void StartLoad(bool doubted);
  void Reload(bool doubted);

  const Load load_;
  const std::chrono::milliseconds lifetime_;
  std::mutex mutex_;
  std::shared_ptr<const S3Credentials> current_;
  std::shared_ptr<const S3Credentials> confirmed_;  // doubted, loaded again, still the same
  Clock::time_point loaded_at_;
  bool loading_ = false;
  std::future<void> background_;
};

}  // namespace pomona
