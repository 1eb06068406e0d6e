#include "pomona/report/common_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "pomona/storage/uri.h"

namespace pomona {

std::string CommonFolder(const ReportRows& rows) {
  if (rows.rows() == 0) return {};
  std::string_view common = rows.path(0);
  for (int64_t row = 1; row < rows.rows() && !common.empty(); ++row) {
    const std::string_view path = rows.path(row);
    const auto [end, other] = std::ranges::mismatch(common, path);
    common = common.substr(0, static_cast<size_t>(end - common.begin()));
  }
  const size_t slash = common.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(common.substr(0, slash + 1));
}

std::string BrowserPrefix(const std::string& prefix) {
  const auto uri = Uri::Parse(prefix);
  if (!uri.ok() || uri->scheme != Scheme::kLocal) return {};
  std::string encoded = "file://";
  for (const char c : uri->path + (uri->path.ends_with('/') ? "" : "/")) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/-_.~").find(c) != std::string_view::npos;
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<uint8_t>(c));
  }
  return encoded;
}

}  // namespace pomona
