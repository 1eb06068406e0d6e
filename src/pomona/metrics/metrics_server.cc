#include "pomona/metrics/metrics_server.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "pomona/base/clock.h"

namespace pomona {
namespace {

/// Connections that the kernel holds for us; they take no descriptor.
constexpr int kBacklog = 128;

/// A file descriptor that is closed at its end.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

/// Listens on `address` and `*port`, which becomes the one that was free. -1: it cannot.
Descriptor Listen(const std::string& address, int* port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(*port).c_str(), &hints, &found) != 0) {
    return Descriptor(-1);
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> info(found, freeaddrinfo);
  Descriptor listener(
      ::socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, info->ai_protocol));
  // Not SO_REUSEPORT, which lets two programs listen on one port.
  const int yes = 1;
  setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  auto* name = reinterpret_cast<sockaddr*>(&bound);
  if (::bind(listener.get(), info->ai_addr, info->ai_addrlen) != 0 ||
      ::listen(listener.get(), kBacklog) != 0 || getsockname(listener.get(), name, &size) != 0) {
    return Descriptor(-1);
  }
  *port = ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                                            : reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
  return listener;
}

std::string Answer(const char* status, const char* type, const std::string& body, bool with_body) {
  return std::string("HTTP/1.1 ") + status + "\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" +
         (with_body ? body : "");
}

std::string AnswerTo(std::string_view request, const std::function<std::string()>& text) {
  constexpr char kPlain[] = "text/plain; charset=utf-8";
  const std::string_view line = request.substr(0, request.find("\r\n"));
  const size_t space = std::min(line.find(' '), line.size());
  const std::string_view method = line.substr(0, space);
  const std::string_view rest = line.substr(std::min(space + 1, line.size()));
  const std::string_view path = rest.substr(0, rest.find_first_of(" ?"));
  const bool get = method == "GET";
  if (!get && method != "HEAD") {
    return Answer("405 Method Not Allowed", kPlain, "GET /metrics\n", true);
  }
  if (path != "/metrics") return Answer("404 Not Found", kPlain, "GET /metrics\n", get);
  return Answer("200 OK", "text/plain; version=0.0.4; charset=utf-8", text(), get);
}

bool WouldWait() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

/// One request and its answer.
class Connection {
 public:
  explicit Connection(int fd) : socket_(fd), ends_(Clock::now() + MetricsServer::kWholeRequest) {}

  pollfd Wanted() const {
    return {.fd = socket_.get(),
            .events = static_cast<short>(answer_.empty() ? POLLIN : POLLOUT),
            .revents = 0};
  }
  Clock::time_point ends() const { return ends_; }

  /// Does what can be done now. False: it is over.
  bool Go(const std::function<std::string()>& text) {
    if (Clock::now() >= ends_) return false;
    if (answer_.empty() && !ReadAll(text)) return false;
    return answer_.empty() || SendMore();
  }

 private:
  bool ReadAll(const std::function<std::string()>& text) {
    char piece[1024];
    while (true) {
      const ssize_t got = ::recv(socket_.get(), piece, sizeof(piece), 0);
      if (got < 0) return WouldWait();
      if (got == 0) return false;
      request_.append(piece, static_cast<size_t>(got));
      if (request_.find("\r\n\r\n") != std::string::npos) break;
      if (request_.size() > MetricsServer::kMostRequestBytes) return false;
    }
    answer_ = AnswerTo(request_, text);
    return true;
  }

  bool SendMore() {
    while (sent_ < answer_.size()) {
      const ssize_t sent =
          ::send(socket_.get(), answer_.data() + sent_, answer_.size() - sent_, MSG_NOSIGNAL);
      if (sent < 0) return WouldWait();
      sent_ += static_cast<size_t>(sent);
    }
    return false;
  }

  Descriptor socket_;
  Clock::time_point ends_;
  std::string request_;
  std::string answer_;
  size_t sent_ = 0;
};

}  // namespace

/// What the thread does, until Stop.
class MetricsServer::Loop {
 public:
  Loop(Descriptor listener, Descriptor stop, std::function<std::string()> text)
      : listener_(std::move(listener)), stop_(std::move(stop)), text_(std::move(text)) {}

  void Stop() const {
    const uint64_t one = 1;
    (void)!::write(stop_.get(), &one, sizeof(one));
  }

  void Run() {
    while (Wait()) {
      std::erase_if(connections_, [this](Connection& one) { return !Go(one); });
      Accept();
    }
  }

 private:
  /// False: stopped.
  bool Wait() {
    std::vector<pollfd> wanted = {
        {.fd = stop_.get(), .events = POLLIN, .revents = 0},
        {.fd = resting() ? -1 : listener_.get(), .events = POLLIN, .revents = 0}};
    auto next = resting() ? rests_until_ : Clock::now() + std::chrono::hours(1);
    for (const Connection& one : connections_) {
      wanted.push_back(one.Wanted());
      next = std::min(next, one.ends());
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(next - Clock::now()).count();
    ::poll(wanted.data(), wanted.size(), static_cast<int>(std::max<int64_t>(left + 1, 0)));
    return wanted.front().revents == 0;
  }

  bool resting() const { return Clock::now() < rests_until_; }

  bool Go(Connection& connection) {
    try {
      return connection.Go(text_);
    } catch (const std::exception&) {
      return false;  // no memory for an answer
    }
  }

  void Accept() {
    while (true) {
      const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) {
        // The run may have taken all descriptors: this is not to spin until one is free.
        if (!WouldWait()) rests_until_ = Clock::now() + std::chrono::milliseconds(100);
        return;
      }
      if (connections_.size() == kMostConnections) connections_.erase(connections_.begin());
      connections_.emplace_back(fd);
    }
  }

  const Descriptor listener_;
  const Descriptor stop_;
  const std::function<std::string()> text_;
  std::vector<Connection> connections_;  ///< the oldest first
  Clock::time_point rests_until_{};
};

arrow::Result<std::unique_ptr<MetricsServer>> MetricsServer::Open(
    const std::string& address, int port, std::function<std::string()> text) {
  const std::string host = address.find(':') == std::string::npos ? address : "[" + address + "]";
  Descriptor listener = Listen(address, &port);
  Descriptor stop(::eventfd(0, EFD_CLOEXEC));
  if (listener.get() < 0 || stop.get() < 0) {
    return arrow::Status::Invalid(
        "metrics-port ", port, " at ", host, " cannot be listened on",
        "\nhint: another program may have it; option `metrics_port=0` takes any "
        "that is free");
  }
  return std::unique_ptr<MetricsServer>(new MetricsServer(
      std::make_unique<Loop>(std::move(listener), std::move(stop), std::move(text)),
      "http://" + host + ":" + std::to_string(port) + "/metrics"));
}

MetricsServer::MetricsServer(std::unique_ptr<Loop> loop, std::string url)
    : url_(std::move(url)), loop_(std::move(loop)), thread_([this] { loop_->Run(); }) {}

MetricsServer::~MetricsServer() {
  loop_->Stop();
  thread_.join();
}

}  // namespace pomona
