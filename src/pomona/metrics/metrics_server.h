#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <arrow/result.h>

namespace pomona {

/// An HTTP server that answers GET /metrics, from one thread of its own. Whoever reaches the port
/// can do nothing to the process: kMostConnections are held, the oldest goes for a new one; each
/// has kWholeRequest from its beginning to the last byte of its answer, and kMostRequestBytes to
/// ask.
class MetricsServer {
 public:
  static constexpr size_t kMostConnections = 16;
  static constexpr size_t kMostRequestBytes = 8192;
  static constexpr std::chrono::seconds kWholeRequest{2};

  /// `address`: IPv4 or IPv6, in numbers. `port`: 0 for any that is free. `text`: the answer, in
  /// Prometheus's text format; asked for at each request, from that thread.
  /// Invalid if the address cannot be listened on.
  static arrow::Result<std::unique_ptr<MetricsServer>> Open(const std::string& address, int port,
                                                            std::function<std::string()> text);
  /// Closes what is open, answered or not, at once.
  ~MetricsServer();

  /// "http://127.0.0.1:9464/metrics"
  const std::string& url() const { return url_; }

 private:
  class Loop;
  MetricsServer(std::unique_ptr<Loop> loop, std::string url);

  const std::string url_;
  const std::unique_ptr<Loop> loop_;
  std::thread thread_;
};

}  // namespace pomona
