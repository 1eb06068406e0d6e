#include "pomona/serve/http_server.h"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "pomona/base/guarded.h"
#include "pomona/serve/http_session.h"

namespace pomona {
namespace {

namespace asio = boost::asio;
using arrow::Result;
using arrow::Status;
using asio::ip::tcp;
using Error = boost::system::error_code;

/// Connections that the kernel holds for us.
constexpr int kBacklog = 1024;
/// Where there are no more file descriptors, one may be free after a while.
constexpr std::chrono::milliseconds kRest{100};
/// For who is one too many. It is sent if it goes out at once.
constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Type: application/json\r\n"
    "Content-Length: 46\r\nConnection: close\r\n\r\n"
    "{\"error\":\"too many connections\",\"code\":\"busy\"}\n";

Result<std::shared_ptr<asio::ssl::context>> ContextOf(const PemPair& tls) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  Error error;
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                           asio::ssl::context::no_tlsv1_1,
                       error);
  context->use_certificate_chain(asio::buffer(tls.certificate), error);
  if (error) {
    return Status::Invalid("option `tls_cert` has no certificate as PEM: ", error.message());
  }
  context->use_private_key(asio::buffer(tls.key), asio::ssl::context::pem, error);
  if (error) {
    return Status::Invalid("option `tls_key` has no key of that certificate as PEM: ",
                           error.message());
  }
  return context;
}

class AsioServer : public HttpServer {
 public:
  explicit AsioServer(const HttpLimits& limits)
      : sessions_{.limits = limits, .ended = [this] { Ended(); }} {}

  ~AsioServer() override { Stop(); }

  Status Listen(const std::string& host, int port, const std::optional<PemPair>& tls) {
    if (tls) {
      ARROW_ASSIGN_OR_RAISE(tls_, ContextOf(*tls));
    }
    Error error;
    const auto address = asio::ip::make_address(host, error);
    if (error) return Status::Invalid("option `host` is an address in numbers, got `", host, "`");
    const tcp::endpoint at(address, static_cast<uint16_t>(port));
    const auto step = [&](auto&& work) {
      if (!error) work();
    };
    step([&] { listener_.open(at.protocol(), error); });
    step([&] { listener_.set_option(tcp::acceptor::reuse_address(true), error); });
    step([&] { listener_.bind(at, error); });
    step([&] { listener_.listen(kBacklog, error); });
    if (!error) return Status::OK();
    return Status::Invalid("option `port=", port, "` cannot be listened on at ", host, ": ",
                           error.message(),
                           "\nhint: another program may have it; option `port=0` takes any that is "
                           "free");
  }

  Status Start(HttpService& service) override {
    sessions_.service = &service;
    Accept();
    return StartThread([this] { io_.run(); }).Value(&thread_);
  }

  int port() const override { return listener_.local_endpoint().port(); }
  int64_t connections() const override { return connections_; }

  Status SetTls(const PemPair& tls) override {
    ARROW_ASSIGN_OR_RAISE(auto context, ContextOf(tls));
    asio::post(io_, [this, context = std::move(context)]() mutable { tls_ = std::move(context); });
    return Status::OK();
  }

  bool Drain(std::chrono::milliseconds most) override {
    auto drained = drained_.get_future();
    asio::post(io_, [this] {
      Error ignored;
      listener_.close(ignored);
      sessions_.draining = true;
      for (HttpSession* one : Open()) one->Drain();
      Ended();
    });
    return drained.wait_for(most) == std::future_status::ready;
  }

  void Stop() override {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] {
      Error ignored;
      listener_.close(ignored);
      for (HttpSession* one : Open()) one->Close();
      io_.stop();
    });
    thread_.join();
  }

 private:
  /// A copy: sessions that end go out of the set.
  std::vector<HttpSession*> Open() const { return {sessions_.open.begin(), sessions_.open.end()}; }

  void Ended() {
    connections_ = std::ssize(sessions_.open);
    if (sessions_.draining && sessions_.open.empty() && !told_) {
      told_ = true;
      drained_.set_value();
    }
  }

  void Accept() {
    listener_.async_accept(io_, [this](const Error& error, HttpSocket socket) {
      if (error == asio::error::operation_aborted || sessions_.draining) return;
      if (error) {
        rest_.expires_after(kRest);
        rest_.async_wait([this](const Error& stopped) {
          if (!stopped) Accept();
        });
        return;
      }
      Take(std::move(socket));
      Accept();
    });
  }

  void Take(HttpSocket socket) {
    Error ignored;
    if (std::ssize(sessions_.open) >= sessions_.limits.connections) {
      socket.non_blocking(true, ignored);
      if (tls_ == nullptr) socket.write_some(asio::buffer(kTooMany), ignored);
      return;
    }
    socket.set_option(tcp::no_delay(true), ignored);
    MakeHttpSession(std::move(socket), tls_, sessions_)->Start();
    connections_ = std::ssize(sessions_.open);
  }

  std::atomic<int64_t> connections_ = 0;
  bool told_ = false;
  std::promise<void> drained_;
  HttpSessions sessions_;  // before io_, which destroys what is left of them
  asio::io_context io_{1};
  /// While a request is computed, and nobody listens any more, there is nothing else for it to do.
  const asio::executor_work_guard<asio::io_context::executor_type> until_stopped_ =
      asio::make_work_guard(io_);
  std::shared_ptr<asio::ssl::context> tls_;
  tcp::acceptor listener_{io_};
  asio::steady_timer rest_{io_};
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::Open(const std::string& host, int port,
                                                     const HttpLimits& limits,
                                                     const std::optional<PemPair>& tls) {
  auto server = std::make_unique<AsioServer>(limits);
  ARROW_RETURN_NOT_OK(server->Listen(host, port, tls));
  return server;
}

}  // namespace pomona
