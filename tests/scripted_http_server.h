#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pomona {

/// An HTTP/1.1 server on loopback whose answers a test decides, wrong ones included. Keeps
/// connections alive. Thread-safe.
class ScriptedHttpServer {
 public:
  struct Request {
    std::string method;
    std::string target;                          ///< as sent, encoded
    std::map<std::string, std::string> headers;  ///< lower-case names
    std::string body;
  };
  enum class Ending {
    kComplete,
    kShort,        ///< half of the announced body, then the connection is closed in order
    kReset,        ///< half of the announced body, then a TCP reset
    kUnannounced,  ///< no length in the head; the connection's end is the body's
    kLost,         ///< nothing at all; the connection is closed in order
    kHang,         ///< nothing at all, until the server is destroyed
  };
  struct Response {
    int status = 200;
    std::string body;  ///< of which a HEAD gets the length alone
    std::map<std::string, std::string> headers = {};
    Ending ending = Ending::kComplete;
  };
  using Handler = std::function<Response(const Request&)>;

  /// `handler` is called for one request at a time.
  explicit ScriptedHttpServer(Handler handler);
  ~ScriptedHttpServer();

  /// "http://127.0.0.1:PORT"
  std::string url() const;
  /// So far, in the order of arrival.
  std::vector<Request> requests() const;
  int connections() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pomona
