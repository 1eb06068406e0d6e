#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <arrow/result.h>

namespace httplib {
class Server;
}

namespace pomona {

/// An HTTP server that answers GET /metrics, from three threads of its own.
class MetricsServer {
 public:
  /// `address`: IPv4 or IPv6, in numbers. `port`: 0 for any that is free. `text`: the answer, in
  /// Prometheus's text format; asked for at each request, from any thread.
  /// Invalid if the address cannot be listened on.
  static arrow::Result<std::unique_ptr<MetricsServer>> Open(const std::string& address, int port,
                                                            std::function<std::string()> text);
  /// Waits for answers under way: a second, where a client connects and then is silent.
  ~MetricsServer();

  /// "http://127.0.0.1:9464/metrics"
  const std::string& url() const { return url_; }

 private:
  MetricsServer(std::unique_ptr<httplib::Server> server, std::string url);

  const std::string url_;
  const std::unique_ptr<httplib::Server> server_;
  std::thread thread_;
};

}  // namespace pomona
