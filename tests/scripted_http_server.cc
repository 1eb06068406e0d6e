#include "scripted_http_server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <mutex>
#include <thread>
#include <utility>

#include "loopback_listener.h"

namespace pomona {

class ScriptedHttpServer::Impl {
 public:
  explicit Impl(Handler handler) : handler_(std::move(handler)) {
    acceptor_ = std::thread([this] { Accept(); });
  }

  ~Impl() {
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
      for (int open : open_) shutdown(open, SHUT_RDWR);
    }
    shutdown(listener_.socket, SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    close(listener_.socket);
  }

  int port() const { return listener_.port; }

  std::vector<Request> requests() const {
    std::lock_guard lock(mutex_);
    return requests_;
  }

  int connections() const {
    std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  void Accept() {
    while (true) {
      const int connection = accept4(listener_.socket, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) return;
      std::lock_guard lock(mutex_);
      if (closing_) {
        close(connection);
        return;
      }
      ++connections_;
      open_.push_back(connection);
      threads_.emplace_back([this, connection] { Serve(connection); });
    }
  }

  void Serve(int connection) {
    std::string received;
    while (ServeOne(connection, &received)) {
    }
    std::lock_guard lock(mutex_);
    open_.erase(std::find(open_.begin(), open_.end(), connection));
    close(connection);
  }

  // False: the connection is at its end.
  bool ServeOne(int connection, std::string* received) {
    size_t end;
    while ((end = received->find("\r\n\r\n")) == std::string::npos) {
      char data[4096];
      const ssize_t got = recv(connection, data, sizeof(data), 0);
      if (got <= 0) return false;
      received->append(data, got);
    }
    Request request = Parse(received->substr(0, end + 2));
    received->erase(0, end + 4);
    const auto length = request.headers.find("content-length");
    const size_t size = length == request.headers.end() ? 0 : std::stoul(length->second);
    while (received->size() < size) {
      char data[65536];
      const ssize_t got = recv(connection, data, sizeof(data), 0);
      if (got <= 0) return false;
      received->append(data, got);
    }
    request.body = received->substr(0, size);
    received->erase(0, size);
    Response response;
    {
      std::lock_guard one_at_a_time(handler_mutex_);
      {
        std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      response = handler_(request);
    }
    return Send(connection, response, request.method == "HEAD");
  }

  static Request Parse(const std::string& head) {
    Request request;
    const size_t line_end = head.find("\r\n");
    const size_t first = head.find(' ');
    const size_t second = head.rfind(' ', line_end);
    request.method = head.substr(0, first);
    request.target = head.substr(first + 1, second - first - 1);
    for (size_t begin = line_end + 2; begin < head.size();) {
      const size_t end = head.find("\r\n", begin);
      const size_t colon = head.find(':', begin);
      std::string name = head.substr(begin, colon - begin);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      const size_t value = head.find_first_not_of(' ', colon + 1);
      request.headers[name] = head.substr(value, end - value);
      begin = end + 2;
    }
    return request;
  }

  static bool SendAll(int connection, const std::string& data) {
    for (size_t sent = 0; sent < data.size();) {
      const ssize_t n = send(connection, data.data() + sent, data.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return false;
      sent += static_cast<size_t>(n);
    }
    return true;
  }

  bool Send(int connection, const Response& response, bool head_alone) {
    if (response.ending == Ending::kLost) return false;
    if (response.ending == Ending::kHang) {
      char ignored;
      while (recv(connection, &ignored, 1, 0) > 0) {
      }
      return false;
    }
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + " Scripted\r\n";
    for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
    if (response.ending == Ending::kUnannounced) {
      SendAll(connection, text + "Connection: close\r\n\r\n" + response.body);
      return false;
    }
    text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n";
    if (response.ending == Ending::kComplete) {
      return SendAll(connection, head_alone ? text : text + response.body);
    }
    SendAll(connection, text + response.body.substr(0, response.body.size() / 2));
    if (response.ending == Ending::kReset) {
      const linger at_once{1, 0};
      setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    }
    return false;
  }

  const Handler handler_;
  std::mutex handler_mutex_;
  const LoopbackListener listener_{128};
  std::thread acceptor_;
  mutable std::mutex mutex_;
  bool closing_ = false;
  int connections_ = 0;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::vector<Request> requests_;
};

ScriptedHttpServer::ScriptedHttpServer(Handler handler)
    : impl_(std::make_unique<Impl>(std::move(handler))) {}
ScriptedHttpServer::~ScriptedHttpServer() = default;

std::string ScriptedHttpServer::url() const {
  return "http://127.0.0.1:" + std::to_string(impl_->port());
}
std::vector<ScriptedHttpServer::Request> ScriptedHttpServer::requests() const {
  return impl_->requests();
}
int ScriptedHttpServer::connections() const { return impl_->connections(); }

}  // namespace pomona
