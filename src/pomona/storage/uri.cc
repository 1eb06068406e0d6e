#include "pomona/storage/uri.h"

#include <arrow/util/string.h>
#include <arrow/util/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include "pomona/base/hex.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr std::string_view kArnPrefix = "arn:";

struct KnownScheme {
  std::string_view written;
  std::string_view canonical;
  Scheme scheme;
};
constexpr std::array<KnownScheme, 6> kRemoteSchemes = {{
    {"s3", "s3a", Scheme::kS3},
    {"s3a", "s3a", Scheme::kS3},
    {"hdfs", "hdfs", Scheme::kHdfs},
    {"gs", "gs", Scheme::kGcs},
    {"abfs", "abfs", Scheme::kAzure},
    {"abfss", "abfss", Scheme::kAzure},
}};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsSchemeName(std::string_view text) {
  if (text.empty() || !IsLetter(text.front())) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsLetter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
}

std::string Normalised(const std::filesystem::path& path) {
  std::string text = path.lexically_normal().string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

Result<Uri> LocalUri(std::string_view path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(std::filesystem::path(path), error);
  if (error) return Status::IOError("no current folder: ", error.message());
  return Uri{Scheme::kLocal, "file", "", Normalised(absolute)};
}

// The access point's name belongs to the ARN: it ends at the second slash. Both
// "accesspoint/name" and "accesspoint:name" are in use.
size_t S3AuthorityEnd(std::string_view rest) {
  size_t slash = rest.find('/');
  if (rest.substr(0, kArnPrefix.size()) == kArnPrefix && slash != std::string_view::npos) {
    constexpr std::string_view kKind = ":accesspoint";
    const std::string_view head = rest.substr(0, slash);
    if (head.size() >= kKind.size() && head.substr(head.size() - kKind.size()) == kKind) {
      slash = rest.find('/', slash + 1);
    }
  }
  return slash == std::string_view::npos ? rest.size() : slash;
}

// A bucket's name holds neither; the user of HDFS has no password. Addresses of Google and Azure
// are looked at by those who open them.
bool HoldsSecrets(const Uri& uri) {
  const size_t at = uri.authority.find('@');
  const size_t colon = uri.authority.find(':');
  if (uri.scheme == Scheme::kS3) {
    return at != std::string::npos ||
           (colon != std::string::npos && !uri.authority.starts_with(kArnPrefix));
  }
  return uri.scheme == Scheme::kHdfs && at != std::string::npos && colon < at;
}

Result<Uri> RemoteUri(const KnownScheme& known, std::string_view rest, std::string_view text) {
  const bool s3 = known.scheme == Scheme::kS3;
  const size_t end = s3 ? S3AuthorityEnd(rest) : std::min(rest.find('/'), rest.size());
  Uri uri{known.scheme, std::string(known.canonical), std::string(rest.substr(0, end)), ""};
  // hdfs:///dir means the cluster's default file system.
  if (uri.authority.empty() && known.scheme != Scheme::kHdfs) {
    return BadAddress("no bucket or host in: ", ShownUri(text), "\nhint: ", known.written,
                      "://NAME/folder");
  }
  if (HoldsSecrets(uri)) {
    // Not shown: it may be cut in the middle of a key.
    return BadAddress("credentials do not belong into a URI: ", known.written, "://...",
                      "\nhint: ", known.written, s3 ? "://BUCKET/folder" : "://NAME/folder",
                      s3 ? "; keys come from the environment, a profile or a role" : "");
  }
  const std::string_view path = rest.substr(end);
  if (s3) {
    uri.path = path.empty() ? "" : std::string(path.substr(1));
  } else {
    uri.path = Normalised(std::string("/").append(path));
  }
  return uri;
}

// Length of the valid UTF-8 sequence at the start of `text`; 0 if there is none.
size_t Utf8SequenceLength(std::string_view text) {
  for (size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (arrow::util::ValidateUTF8(reinterpret_cast<const uint8_t*>(text.data()),
                                  static_cast<int64_t>(length))) {
      return length;
    }
  }
  return 0;
}

int LowerHexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Result<Uri> Uri::Parse(std::string_view text) {
  if (text.empty()) return BadAddress("empty path or URI");
  if (text.find('\0') != std::string_view::npos) {
    return BadAddress("a path or URI may not hold a zero byte");
  }
  const size_t colon = text.find(':');
  // "a:b" is a file's name, "a:/b" is a URI: Hadoop writes those with one slash.
  if (colon == std::string_view::npos || !IsSchemeName(text.substr(0, colon)) ||
      text.substr(colon + 1, 1) != "/") {
    return LocalUri(text);
  }
  const std::string scheme = arrow::internal::AsciiToLower(text.substr(0, colon));
  std::string_view rest = text.substr(colon + 1);
  const bool has_authority = rest.substr(0, 2) == "//";
  if (has_authority) rest.remove_prefix(2);
  if (scheme == "file") {
    if (rest.substr(0, 1) != "/") {
      return BadAddress("a file URI has no host: ", ShownUri(text),
                        "\nhint: file:///absolute/path, or just the path");
    }
    return LocalUri(rest);
  }
  for (const KnownScheme& known : kRemoteSchemes) {
    if (known.written != scheme) continue;
    if (!has_authority && known.scheme != Scheme::kHdfs) {
      return BadAddress("no bucket or host in: ", ShownUri(text), "\nhint: ", known.written,
                        "://NAME/folder");
    }
    return RemoteUri(known, rest, text);
  }
  return BadAddress("unknown scheme `", scheme, "` in: ", ShownUri(text),
                    "\nhint: a path, s3://, hdfs://, gs:// or abfs://");
}

std::string Uri::ToString() const {
  std::string text = scheme_name + ":";
  switch (scheme) {
    case Scheme::kLocal:
      text += path;
      break;
    case Scheme::kS3:
      text.append("//").append(authority);
      if (!path.empty()) text.append("/").append(path);
      break;
    default:
      text.append("//").append(authority).append(path);
  }
  return EscapeInvalidUtf8(std::move(text));
}

std::string EscapeInvalidUtf8(std::string name) {
  arrow::util::InitializeUTF8();
  if (arrow::util::ValidateUTF8(name)) return name;
  std::string escaped;
  for (size_t i = 0; i < name.size();) {
    const size_t length = Utf8SequenceLength(std::string_view(name).substr(i));
    if (length > 0) {
      escaped.append(name, i, length);
      i += length;
    } else {
      const auto byte = static_cast<uint8_t>(name[i++]);
      escaped += "\\x";
      AppendHex(byte, &escaped);
    }
  }
  return escaped;
}

std::string UnescapeInvalidUtf8(std::string_view name) {
  std::string raw;
  raw.reserve(name.size());
  for (size_t i = 0; i < name.size();) {
    if (name[i] == '\\' && i + 3 < name.size() && name[i + 1] == 'x') {
      const int high = LowerHexDigit(name[i + 2]);
      const int low = LowerHexDigit(name[i + 3]);
      if (high >= 8 && low >= 0) {
        raw += static_cast<char>(high * 16 + low);
        i += 4;
        continue;
      }
    }
    raw += name[i++];
  }
  return raw;
}

}  // namespace pomona
