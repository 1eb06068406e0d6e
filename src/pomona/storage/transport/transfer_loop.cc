#include "pomona/storage/transport/transfer_loop.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pomona/base/clock.h"
#include "pomona/base/environment.h"
#include "pomona/base/guarded.h"
#include "pomona/base/thread_cpu_time.h"
#include "pomona/storage/transport/socket_poller.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

// A connection without a byte for so long is dead, well before the whole request's time is up.
constexpr long kStalledSeconds = 10;
constexpr long kReceiveBuffer = 64 * 1024;

struct Slot {
  CURL* easy = nullptr;
  std::unique_ptr<Transfer> transfer;
};

struct Delayed {
  Clock::time_point due;
  std::unique_ptr<Transfer> transfer;
};

struct DueLast {
  bool operator()(const Delayed& a, const Delayed& b) const { return a.due > b.due; }
};

size_t OnBody(char* data, size_t, size_t size, void* slot) {
  // libcurl is C, and no exception may cross it. Any other count than `size` ends the try.
  const auto taken = Guarded(
      [&]() -> Result<bool> { return static_cast<Slot*>(slot)->transfer->OnBody(data, size); });
  return taken.ok() && *taken ? size : size + 1;
}

size_t OnHeader(char* data, size_t, size_t size, void* slot) {
  std::string_view line(data, size);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  const auto taken = Guarded([&] {
    static_cast<Slot*>(slot)->transfer->OnHeader(line);
    return Status::OK();
  });
  return taken.ok() ? size : size + 1;
}

curl_socket_t OnOpenSocket(void* poller, curlsocktype, curl_sockaddr* address) {
  const int made = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (made < 0) return CURL_SOCKET_BAD;
  static_cast<SocketPoller*>(poller)->Opened(made);
  return made;
}

int OnCloseSocket(void* poller, curl_socket_t closed) {
  static_cast<SocketPoller*>(poller)->Closed(closed);
  return close(closed);
}

int OnWatchSocket(CURL*, curl_socket_t watched, int what, void* poller, void*) {
  const uint32_t events = ((what & CURL_POLL_IN) && what != CURL_POLL_REMOVE ? EPOLLIN : 0u) |
                          ((what & CURL_POLL_OUT) && what != CURL_POLL_REMOVE ? EPOLLOUT : 0u);
  static_cast<SocketPoller*>(poller)->Watch(watched, events);
  return 0;
}

// Where the certificates are differs between distributions, and libcurl knows only those of
// the one it was built on.
std::string CertificateFile() {
  if (auto path = FirstInEnvironment({"AWS_CA_BUNDLE", "SSL_CERT_FILE"}); !path.empty()) {
    return path;
  }
  for (const char* path : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    if (access(path, R_OK) == 0) return path;
  }
  return "";
}

}  // namespace

class TransferLoop::Impl {
 public:
  Impl(const TransferLoopOptions& options, SocketPoller poller)
      : options_(options), poller_(std::move(poller)), slots_(options.connections) {}

  ~Impl() {
    if (thread_.joinable()) {
      {
        std::lock_guard lock(mutex_);
        closing_ = true;
      }
      poller_.Wake();
      thread_.join();
    }
    for (Slot& slot : slots_) curl_easy_cleanup(slot.easy);
    if (multi_ != nullptr) curl_multi_cleanup(multi_);
  }

  Status Start() {
    static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_ = curl_multi_init();
    if (global != CURLE_OK || multi_ == nullptr) return Status::IOError("cannot start libcurl");
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, OnWatchSocket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, &poller_);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, OnTimer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, long{options_.connections});
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, long{CURLPIPE_NOTHING});
    for (Slot& slot : slots_) {
      slot.easy = curl_easy_init();
      if (slot.easy == nullptr) return Status::IOError("cannot start libcurl");
      SetUp(&slot);
      idle_.push_back(&slot);
    }
    return StartThread([this] { Run(); }).Value(&thread_);
  }

  void Submit(std::unique_ptr<Transfer> transfer) {
    bool wake;
    {
      std::lock_guard lock(mutex_);
      submitted_.push_back(std::move(transfer));
      wake = !std::exchange(awake_, true);
    }
    if (wake) poller_.Wake();
  }

  int64_t busy_ns() { return ThreadCpuNanoseconds(thread_.native_handle()); }

 private:
  static int OnTimer(CURLM*, long timeout_ms, void* self) {
    auto& due = static_cast<Impl*>(self)->curl_due_;
    due = timeout_ms < 0 ? Clock::time_point::max()
                         : Clock::now() + std::chrono::milliseconds(timeout_ms);
    return 0;
  }

  void SetUp(Slot* slot) {
    CURL* easy = slot->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, slot);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, OnBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, slot);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, OnHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, slot);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, OnOpenSocket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &poller_);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, OnCloseSocket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, &poller_);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    // Signed headers are for the host that they were signed for.
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kReceiveBuffer);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "pomona");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, long{options_.connect_timeout.count()});
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, long{options_.request_timeout.count()});
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, kStalledSeconds);
    if (!options_.use_proxy) curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    if (!certificates_.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, certificates_.c_str());
  }

  void Run() {
    while (true) {
      TakeSubmitted();
      StartWaiting();
      if (closing_seen_) EndUnwanted();
      RunTimers();
      Reap();
      if (Finished()) return;
      for (const epoll_event& event : poller_.Wait(TimeoutMs())) {
        const int mask = ((event.events & EPOLLIN) ? CURL_CSELECT_IN : 0) |
                         ((event.events & EPOLLOUT) ? CURL_CSELECT_OUT : 0) |
                         ((event.events & (EPOLLERR | EPOLLHUP)) ? CURL_CSELECT_ERR : 0);
        int running;
        curl_multi_socket_action(multi_, event.data.fd, mask, &running);
      }
      Reap();
    }
  }

  void TakeSubmitted() {
    std::lock_guard lock(mutex_);
    awake_ = true;
    for (auto& transfer : submitted_) waiting_.push(std::move(transfer));
    submitted_.clear();
    closing_seen_ = closing_;
  }

  void StartWaiting() {
    const auto now = Clock::now();
    while (!delayed_.empty() && (delayed_.top().due <= now || closing_seen_)) {
      auto transfer = std::move(const_cast<Delayed&>(delayed_.top()).transfer);
      delayed_.pop();
      if (closing_seen_) {
        transfer->GiveUp();
      } else {
        waiting_.push(std::move(transfer));
      }
    }
    while (!waiting_.empty() && !idle_.empty()) {
      auto transfer = std::move(waiting_.front());
      waiting_.pop();
      Slot* slot = idle_.back();
      if (!transfer->Begin(slot->easy)) {
        transfer->GiveUp();
        continue;
      }
      idle_.pop_back();
      slot->transfer = std::move(transfer);
      curl_multi_add_handle(multi_, slot->easy);
    }
  }

  void EndUnwanted() {
    for (Slot& slot : slots_) {
      if (slot.transfer == nullptr || !slot.transfer->EndsWithLoop()) continue;
      curl_multi_remove_handle(multi_, slot.easy);
      const auto transfer = std::move(slot.transfer);
      idle_.push_back(&slot);
      transfer->GiveUp();
    }
  }

  void RunTimers() {
    if (curl_due_ > Clock::now()) return;
    curl_due_ = Clock::time_point::max();
    int running;
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  }

  void Reap() {
    int left;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;
      Slot* slot;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &slot);
      curl_multi_remove_handle(multi_, easy);
      auto transfer = std::move(slot->transfer);
      idle_.push_back(slot);
      if (const auto delay = transfer->End(easy, code)) {
        delayed_.push({Clock::now() + *delay, std::move(transfer)});
      }
    }
  }

  bool Finished() const {
    return closing_seen_ && waiting_.empty() && delayed_.empty() && idle_.size() == slots_.size();
  }

  int TimeoutMs() {
    // A finished transfer left a handle for one that waits: go on at once.
    if (!waiting_.empty() && !idle_.empty()) return 0;
    {
      std::lock_guard lock(mutex_);
      if (!submitted_.empty() || closing_ != closing_seen_) return 0;
      awake_ = false;
    }
    auto due = curl_due_;
    if (!delayed_.empty()) due = std::min(due, delayed_.top().due);
    if (due == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
    return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 60'000));
  }

  const TransferLoopOptions options_;
  const std::string certificates_ = CertificateFile();
  SocketPoller poller_;
  CURLM* multi_ = nullptr;
  Clock::time_point curl_due_ = Clock::time_point::max();

  std::vector<Slot> slots_;
  std::vector<Slot*> idle_;
  std::queue<std::unique_ptr<Transfer>> waiting_;
  std::priority_queue<Delayed, std::vector<Delayed>, DueLast> delayed_;

  std::mutex mutex_;
  std::vector<std::unique_ptr<Transfer>> submitted_;
  bool awake_ = true;  // the loop will look at submitted_ before it sleeps
  bool closing_ = false;
  bool closing_seen_ = false;

  std::thread thread_;
};

TransferLoop::TransferLoop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TransferLoop::~TransferLoop() = default;

Result<std::unique_ptr<TransferLoop>> TransferLoop::Start(const TransferLoopOptions& options) {
  ARROW_ASSIGN_OR_RAISE(SocketPoller poller, SocketPoller::Open());
  auto impl = std::make_unique<Impl>(options, std::move(poller));
  ARROW_RETURN_NOT_OK(impl->Start());
  return std::unique_ptr<TransferLoop>(new TransferLoop(std::move(impl)));
}

void TransferLoop::Submit(std::unique_ptr<Transfer> transfer) {
  impl_->Submit(std::move(transfer));
}

int64_t TransferLoop::busy_ns() const { return impl_->busy_ns(); }

}  // namespace pomona
