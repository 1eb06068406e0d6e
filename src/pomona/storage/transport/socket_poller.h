#pragma once

#include <arrow/result.h>
#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace pomona {

/// The sockets that libcurl waits for, in an epoll set. libcurl takes a socket out at the end
/// of each request and puts it in again at the next one: the set is left as it is in between,
/// which saves two system calls a request. For one thread, but for Wake.
class SocketPoller {
 public:
  static arrow::Result<SocketPoller> Open();
  SocketPoller(SocketPoller&& other) noexcept;
  SocketPoller& operator=(SocketPoller&&) = delete;
  ~SocketPoller();

  /// A socket was made, and will be announced to Closed. Other sockets (libcurl's name
  /// resolver makes some) are closed without a word, so nothing is remembered about them.
  void Opened(int socket);
  void Closed(int socket);

  /// `events`: EPOLLIN, EPOLLOUT; 0: none for now.
  void Watch(int socket, uint32_t events);

  /// Waits until something happens, or `timeout_ms` (-1: for ever) have passed, or Wake is
  /// called. Valid until the next call.
  std::span<const epoll_event> Wait(int timeout_ms);

  /// Ends a Wait, this one or the next. Thread-safe.
  void Wake();

 private:
  struct State {
    bool remembered = false;
    bool wanted = false;
    uint32_t registered = 0;
  };

  SocketPoller(int epoll, int wake) : epoll_(epoll), wake_(wake) {}
  State& StateOf(int socket);

  int epoll_;
  int wake_;
  std::vector<State> states_;
  std::array<epoll_event, 128> events_;
};

}  // namespace pomona
