#include "pomona/storage/transport/socket_poller.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace pomona {

arrow::Result<SocketPoller> SocketPoller::Open() {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  SocketPoller poller(epoll, wake);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake;
  if (epoll < 0 || wake < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event) != 0) {
    return arrow::Status::IOError("cannot make an epoll set: ", std::strerror(errno));
  }
  return poller;
}

SocketPoller::SocketPoller(SocketPoller&& other) noexcept
    : epoll_(std::exchange(other.epoll_, -1)),
      wake_(std::exchange(other.wake_, -1)),
      states_(std::move(other.states_)) {}

SocketPoller::~SocketPoller() {
  if (epoll_ >= 0) close(epoll_);
  if (wake_ >= 0) close(wake_);
}

SocketPoller::State& SocketPoller::StateOf(int socket) {
  if (states_.size() <= static_cast<size_t>(socket)) states_.resize(socket + 1);
  return states_[socket];
}

void SocketPoller::Opened(int socket) { StateOf(socket) = State{.remembered = true}; }

void SocketPoller::Closed(int socket) { StateOf(socket) = State{}; }

void SocketPoller::Watch(int socket, uint32_t events) {
  State& state = StateOf(socket);
  state.wanted = events != 0;
  if (!state.wanted) {
    if (!state.remembered) {
      epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
      state.registered = 0;
    }
    return;
  }
  if (state.registered == events) return;
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  if (state.registered == 0 || epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event) != 0) {
    epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }
  state.registered = events;
}

std::span<const epoll_event> SocketPoller::Wait(int timeout_ms) {
  const int count =
      epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), timeout_ms);
  size_t kept = 0;
  for (int i = 0; i < count; ++i) {
    const int socket = events_[i].data.fd;
    if (socket == wake_) {
      uint64_t ignored;
      [[maybe_unused]] const auto got = read(wake_, &ignored, sizeof(ignored));
      continue;
    }
    State& state = StateOf(socket);
    if (!state.wanted) {
      // Something on an idle connection: mostly that the server closed it. libcurl looks
      // when it uses it again; until then it would wake us over and over.
      epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
      state.registered = 0;
      continue;
    }
    events_[kept++] = events_[i];
  }
  return {events_.data(), kept};
}

void SocketPoller::Wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_, &one, sizeof(one));
}

}  // namespace pomona
