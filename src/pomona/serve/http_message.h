#pragma once

#include <arrow/buffer.h>
#include <arrow/status.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pomona {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// What a client asks for, without how it came.
struct HttpRequest {
  std::string method;
  std::string path;                          ///< percent-decoded, without the query
  std::map<std::string, std::string> query;  ///< percent-decoded; of one name twice, the last
  HttpHeaders headers;
  std::shared_ptr<arrow::Buffer> body;  ///< null: not read yet

  /// Of that name, in any case of letters. Empty: there is none.
  std::string_view header(std::string_view name) const;

  /// The body as text.
  std::string_view text() const { return body == nullptr ? "" : std::string_view(*body); }

  /// Takes apart what stands between the method and "HTTP/1.1". Invalid: a bad escape.
  arrow::Status SetTarget(std::string_view target);
};

/// What it gets.
struct HttpReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  HttpHeaders headers = {};
};

/// An error as all endpoints say it: {"error": message, "code": code, "hint": hint}. A hint after
/// "\nhint: " in the message becomes that key.
HttpReply ErrorReply(int status, std::string_view code, std::string_view message);

/// 503, and when to come again.
HttpReply BusyReply(std::string_view why);

}  // namespace pomona
