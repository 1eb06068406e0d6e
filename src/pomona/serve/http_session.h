#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_set>

#include "pomona/serve/http_server.h"

namespace pomona {

/// One client's connection: request after request. Lives as long as something of it is under way.
/// For the server's thread.
class HttpSession {
 public:
  virtual ~HttpSession() = default;
  virtual void Start() = 0;
  /// Ends it if it waits for a request; else its next answer is its last.
  virtual void Drain() = 0;
  /// Ends it now.
  virtual void Close() = 0;
};

/// What the sessions of a server share. For the server's thread.
struct HttpSessions {
  const HttpLimits limits;
  HttpService* service = nullptr;
  int64_t held_bytes = 0;  ///< of bodies, of requests that are not answered
  bool draining = false;
  std::unordered_set<HttpSession*> open = {};
  std::function<void()> ended = {};  ///< one of them has
};

/// A socket of one kind of executor: Asio's default, which is any kind, costs a call through a
/// pointer for each step, and the compiler twice the time.
using HttpSocket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// Of a socket that was accepted. `tls`: null for none.
std::shared_ptr<HttpSession> MakeHttpSession(HttpSocket socket,
                                             std::shared_ptr<boost::asio::ssl::context> tls,
                                             HttpSessions& sessions);

}  // namespace pomona
