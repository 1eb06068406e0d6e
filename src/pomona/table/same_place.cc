#include "pomona/table/same_place.h"

#include <arrow/util/string.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace pomona {
namespace {

namespace fs = std::filesystem;

/// Links followed as far as the path exists.
fs::path Followed(const fs::path& path) {
  std::error_code error;
  fs::path followed = fs::weakly_canonical(path, error);
  return error ? path : followed;
}

/// By name, and by what the file system says is the same folder: a bind mount has two names.
bool IsOrHolds(const fs::path& outer, fs::path inner) {
  while (true) {
    std::error_code unknown;
    if (inner == outer || fs::equivalent(inner, outer, unknown)) return true;
    if (!inner.has_relative_path()) return false;
    inner = inner.parent_path();
  }
}

bool LocalHolds(const Uri& outer, const Uri& inner) {
  // A link's own name may lie in `outer` while its target does not, and the other way round.
  return IsOrHolds(Followed(outer.path), Followed(inner.path)) || IsOrHolds(outer.path, inner.path);
}

/// As Hadoop reads a path: no empty steps, "." and ".." resolved.
std::vector<std::string_view> Steps(std::string_view path) {
  std::vector<std::string_view> steps;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    const std::string_view step = path.substr(0, end);
    if (step == "..") {
      if (!steps.empty()) steps.pop_back();
    } else if (!step.empty() && step != ".") {
      steps.push_back(step);
    }
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return steps;
}

bool SameNameNode(const std::string& a, const std::string& b) {
  const auto split = [](const std::string& authority) {
    const std::string host =
        arrow::internal::AsciiToLower(authority.substr(authority.find('@') + 1));
    const size_t colon = std::min(host.rfind(':'), host.size());
    return std::pair(host.substr(0, colon), host.substr(colon));
  };
  const auto [host, port] = split(a);
  const auto [other_host, other_port] = split(b);
  // hdfs:///x is the name node that the cluster's configuration names, which may be either.
  if (host.empty() || other_host.empty()) return true;
  return host == other_host && (port == other_port || port.empty() || other_port.empty());
}

/// container@account and container@account.dfs.core.windows.net.
std::string AzureContainer(const std::string& authority) {
  const std::string lower = arrow::internal::AsciiToLower(authority);
  const size_t account = std::min(lower.find('@'), lower.size());
  return lower.substr(0, lower.find('.', account));
}

bool SameStore(const Uri& a, const Uri& b) {
  if (a.scheme != b.scheme) return false;
  if (a.scheme == Scheme::kHdfs) return SameNameNode(a.authority, b.authority);
  if (a.scheme == Scheme::kAzure) {
    return AzureContainer(a.authority) == AzureContainer(b.authority);
  }
  return a.authority == b.authority;
}

}  // namespace

bool Holds(const Uri& outer, const Uri& inner) {
  if (!SameStore(outer, inner)) return false;
  if (outer.scheme == Scheme::kLocal) return LocalHolds(outer, inner);
  const auto above = Steps(outer.path);
  const auto below = Steps(inner.path);
  return above.size() <= below.size() && std::equal(above.begin(), above.end(), below.begin());
}

}  // namespace pomona
