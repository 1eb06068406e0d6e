#pragma once

#include <arrow/result.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pomona/serve/http_message.h"

namespace pomona {

/// What is behind a server. All calls but of `respond` come from the server's one thread, which
/// serves all clients: none may wait.
class HttpService {
 public:
  using Respond = std::function<void(HttpReply)>;

  virtual ~HttpService() = default;

  /// The head of a request is here, its body not yet: a reply that needs no body, such as a
  /// refusal.
  virtual std::optional<HttpReply> AtOnce(const HttpRequest& head) = 0;
  /// A whole request. `respond` is called once, from any thread, and returns at once.
  virtual void Answer(HttpRequest request, Respond respond) = 0;
  /// Just before a reply is sent. `request` has no body; where it could not be read, nothing at
  /// all.
  virtual void Finish(const HttpRequest& request, double seconds, HttpReply* reply) = 0;
};

/// What one client, and all together, can take.
struct HttpLimits {
  int connections = 1024;                     ///< one more gets 503
  int64_t body_bytes = int64_t{32} << 20;     ///< of one request; more gets 413
  int64_t held_bytes = int64_t{256} << 20;    ///< of all that are not answered; more gets 503
  std::chrono::milliseconds head{10'000};     ///< for the first head of a connection, and its TLS
  std::chrono::milliseconds idle{60'000};     ///< for the next one, from the last answer on
  std::chrono::milliseconds request{30'000};  ///< for a body to come; for an answer to be taken
};

/// A certificate with those that vouch for it, and its key: PEM text.
struct PemPair {
  std::string certificate, key;
};

/// An HTTP/1.1 server, with TLS or without. One thread serves all clients. Each step of a client
/// has one deadline, from its beginning to its end, whatever trickles in meanwhile.
class HttpServer {
 public:
  /// Listens, and accepts nobody yet. `host`: an IPv4 or IPv6 address. `port`: 0 for any that is
  /// free.
  /// Invalid: it cannot be listened on there; a certificate or a key that is none, or not of the
  /// other.
  static arrow::Result<std::unique_ptr<HttpServer>> Open(const std::string& host, int port,
                                                         const HttpLimits& limits,
                                                         const std::optional<PemPair>& tls);
  virtual ~HttpServer() = default;

  /// Begins to serve. `service` must be there until Stop. OutOfMemory: there is no thread.
  virtual arrow::Status Start(HttpService& service) = 0;

  virtual int port() const = 0;
  /// Open connections. Thread-safe.
  virtual int64_t connections() const = 0;
  /// Connections from now on get this certificate. Invalid, and the old one stays: it is none. Only
  /// of a server that was opened with TLS. Thread-safe.
  virtual arrow::Status SetTls(const PemPair& tls) = 0;

  /// Listens no more, closes connections that wait for a request, and lets the others have their
  /// answer. True once none is left; false where that takes longer than `most`. Call once.
  virtual bool Drain(std::chrono::milliseconds most) = 0;
  /// Serves no more. Answers may still be given, and are lost; who gives them must be gone before
  /// the server is.
  virtual void Stop() = 0;
};

}  // namespace pomona
