#include "pomona/run/metrics_server.h"

#include <httplib.h>

#include <chrono>
#include <utility>

namespace pomona {
namespace {

/// Without the library's own SO_REUSEPORT, which lets two programs listen on one port.
void ListenAlone(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
}

}  // namespace

arrow::Result<std::unique_ptr<MetricsServer>> MetricsServer::Open(
    const std::string& address, int port, std::function<std::string()> text) {
  auto server = std::make_unique<httplib::Server>();
  server->set_socket_options(ListenAlone);
  server->new_task_queue = [] { return new httplib::ThreadPool(2); };
  // A scrape every few seconds is no use for a connection that keeps a thread.
  server->set_keep_alive_max_count(1);
  server->set_keep_alive_timeout(1);
  server->set_read_timeout(1);
  server->set_write_timeout(1);
  server->Get("/metrics", [text = std::move(text)](const auto&, httplib::Response& response) {
    response.set_content(text(), "text/plain; version=0.0.4; charset=utf-8");
  });
  const std::string host = address.find(':') == std::string::npos ? address : "[" + address + "]";
  const bool bound = port == 0 ? (port = server->bind_to_any_port(address)) > 0
                               : server->bind_to_port(address, port);
  if (!bound) {
    return arrow::Status::Invalid("metrics-port ", port, " at ", host, " cannot be listened on",
                                  "\nhint: another program may have it; --metrics-port 0 takes any "
                                  "that is free");
  }
  return std::unique_ptr<MetricsServer>(new MetricsServer(
      std::move(server), "http://" + host + ":" + std::to_string(port) + "/metrics"));
}

MetricsServer::MetricsServer(std::unique_ptr<httplib::Server> server, std::string url)
    : url_(std::move(url)), server_(std::move(server)) {
  thread_ = std::thread([this] { server_->listen_after_bind(); });
  // stop() has no effect on a server that is only about to begin.
  while (!server_->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

MetricsServer::~MetricsServer() {
  server_->stop();
  thread_.join();
}

}  // namespace pomona
