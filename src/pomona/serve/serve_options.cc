#include <algorithm>
#include <filesystem>
#include <system_error>

#include "pomona/features/feature_table.h"
#include "pomona/neighbor_index.h"
#include "pomona/serve.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"

namespace pomona {
namespace {

using arrow::Status;

constexpr int kMaxPort = 65'535;
constexpr int64_t kMaxBody = int64_t{1} << 30;
constexpr int kMaxConnections = 100'000;
constexpr std::chrono::hours kMostTime{1};

bool IsName(const std::string& name) {
  constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !name.empty() && name.find_first_not_of(kLetters) == std::string::npos;
}

Status CheckTime(const char* name, std::chrono::milliseconds time) {
  if (time.count() >= 1 && time <= kMostTime) return Status::OK();
  return Status::Invalid("option `", name, "` must be above 0 and at most 3600 s");
}

Status CheckOrigin(const std::string& origin) {
  const size_t host = origin.find("://");
  const bool right = host != std::string::npos && host > 0 && host + 3 < origin.size() &&
                     origin.find('/', host + 3) == std::string::npos;
  if (origin == "*" || right) return Status::OK();
  return Status::Invalid("option `allow_origin` is an origin or *, got `", ShownText(origin), "`",
                         "\nhint: https://example.org, without a path");
}

template <typename T>
Status CheckRange(const char* name, T value, T least, T most) {
  if (value >= least && value <= most) return Status::OK();
  return Status::Invalid("option `", name, "` must be ", least, " to ", most, ", got ", value);
}

}  // namespace

Status ServeOptions::Validate() const {
  ARROW_RETURN_NOT_OK(Uri::Parse(classifier).status());
  if (!IsName(name)) {
    return Status::Invalid("option `name` is letters, digits, -, _ and ., got `", ShownText(name),
                           "`");
  }
  if (!table.empty()) ARROW_RETURN_NOT_OK(Uri::Parse(table).status());
  if (!index.empty()) {
    if (table.empty()) return Status::Invalid("option `index` is of a table, and there is none");
    NeighborIndexOptions of_index;
    of_index.features = table;
    of_index.index = index;
    ARROW_RETURN_NOT_OK(of_index.Validate());
  }
  ARROW_RETURN_NOT_OK(CheckRange("port", port, 0, kMaxPort));
  ARROW_RETURN_NOT_OK(CheckRange("max_body", max_body, int64_t{1}, kMaxBody));
  ARROW_RETURN_NOT_OK(CheckRange("max_connections", max_connections, 1, kMaxConnections));
  ARROW_RETURN_NOT_OK(CheckRange("queue", queue, 1, kMaxConnections));
  ARROW_RETURN_NOT_OK(CheckTime("request_timeout", request_timeout));
  ARROW_RETURN_NOT_OK(CheckTime("drain_timeout", drain_timeout));
  for (const std::string& origin : allow_origins) ARROW_RETURN_NOT_OK(CheckOrigin(origin));
  if (tls_cert.empty() != tls_key.empty()) {
    return Status::Invalid("option `tls_cert` goes with option `tls_key`");
  }
  if (lan && host != ServeOptions().host) {
    return Status::Invalid("option `lan` listens on all addresses, and option `host` on one");
  }
  std::error_code error;
  if (!keep.empty() && !std::filesystem::is_directory(keep, error)) {
    return Status::Invalid("option `keep`: ", ShownUri(keep), " is no folder");
  }
  return extract.Validate();
}

}  // namespace pomona
