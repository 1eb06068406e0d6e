#include "pomona/extract/child_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>

#include "pomona/reject.h"

namespace pomona {
namespace {

/// What a child answers, in memory that it shares with us. The pixels lie behind it.
struct Answer {
  enum class Kind { kDied, kPixels, kRejected, kFailed };
  Kind kind;  ///< kDied until the child has written all the rest
  RejectReason reason;
  std::array<char, 512> message;
  uint8_t* pixels() { return reinterpret_cast<uint8_t*>(this + 1); }
};

/// Memory that a child shares with us.
class SharedAnswer {
 public:
  explicit SharedAnswer(size_t pixel_bytes) : bytes_(sizeof(Answer) + pixel_bytes) {
    memory_ = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  }
  ~SharedAnswer() {
    if (*this) ::munmap(memory_, bytes_);
  }
  SharedAnswer(const SharedAnswer&) = delete;
  SharedAnswer& operator=(const SharedAnswer&) = delete;
  explicit operator bool() const { return memory_ != MAP_FAILED; }
  Answer* operator->() const { return static_cast<Answer*>(memory_); }

 private:
  const size_t bytes_;
  void* memory_;
};

/// The decoder keeps its own account of both; these limits are for when it errs.
constexpr rlim_t kSpareMemory = 256 << 20;
constexpr rlim_t kSpareSeconds = 5;

double LimitSeconds(const ImageOptions& options) {
  return std::min(std::ceil(options.max_image_seconds), 1e5);
}

/// Of a child by the clock on the wall: one may wait for ever for a lock that another thread
/// held while it was made, which is no fault of its image. So the first try is shorter.
std::chrono::milliseconds FirstWait(const ImageOptions& options) {
  return std::chrono::seconds(2 * static_cast<int>(LimitSeconds(options)) + 10);
}
std::chrono::milliseconds LastWait(const ImageOptions& options) {
  return std::chrono::seconds(10 * static_cast<int>(LimitSeconds(options)) + 60);
}

void Limit(decltype(RLIMIT_AS) what, rlim_t most) {
  rlimit limit{};
  ::getrlimit(what, &limit);
  limit.rlim_cur = limit.rlim_max = std::min(limit.rlim_max, most);
  ::setrlimit(what, &limit);
}

/// Bytes of address space that this process has.
rlim_t AddressSpace() {
  std::array<char, 64> text{};
  const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  const ssize_t size = file < 0 ? 0 : ::read(file, text.data(), text.size() - 1);
  if (file >= 0) ::close(file);
  if (size <= 0) return RLIM_INFINITY / 2;
  return std::strtoull(text.data(), nullptr, 10) * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

/// The child lets go of all that is the parent's but `alive`, and dies with it.
void BecomeChild(pid_t parent, int alive, const ImageOptions& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  ::dup2(alive, 0);
  ::close_range(1, ~0u, 0);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGXCPU, SIGTERM}) {
    ::signal(signal, SIG_DFL);
  }
  ::signal(SIGINT, SIG_IGN);  // Ctrl-C is for the parent
  // Where memory runs out, let the kernel take the child.
  if (const int score = ::open("/proc/self/oom_score_adj", O_WRONLY); score >= 0) {
    (void)!::write(score, "1000", 4);
    ::close(score);
  }
  Limit(RLIMIT_CORE, 0);
  Limit(RLIMIT_CPU, static_cast<rlim_t>(LimitSeconds(options)) + kSpareSeconds);
  Limit(RLIMIT_AS, AddressSpace() + static_cast<rlim_t>(options.max_image_memory) + kSpareMemory);
}

void Write(const arrow::Status& status, Answer& answer) {
  const std::string message = status.ok() ? std::string() : status.message();
  std::snprintf(answer.message.data(), answer.message.size(), "%s", message.c_str());
  const std::optional<RejectReason> reason = RejectReasonOf(status);
  answer.reason = reason.value_or(RejectReason::kPoison);
  const auto kind = status.ok() ? Answer::Kind::kPixels
                    : reason    ? Answer::Kind::kRejected
                                : Answer::Kind::kFailed;
  std::atomic_ref(answer.kind).store(kind, std::memory_order_release);
}

/// How a child ended that did not answer.
struct Death {
  int wait_status = 0;
  bool was_waited_for_too_long = false;
};

arrow::Status RejectionOf(const Death& death) {
  const int signal = WIFSIGNALED(death.wait_status) ? WTERMSIG(death.wait_status) : 0;
  if (death.was_waited_for_too_long || signal == SIGXCPU) {
    return Rejected(RejectReason::kTooSlow,
                    "the process that decoded this image alone did not end");
  }
  return Rejected(
      RejectReason::kPoison,
      "the process that decoded this image alone died of signal " + std::to_string(signal));
}

/// A child of this process and the end of a pipe that says when it has ended.
class Child {
 public:
  /// Calls `work` in the child; false where there can be none.
  template <typename Work>
  bool Start(const ImageOptions& options, Work work) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    const pid_t parent = ::getpid();
    {
      // One at a time: no other child shall hold this pipe, and what libraries do before a fork is
      // not made for two at once.
      static std::mutex one_at_a_time;
      const std::lock_guard lock(one_at_a_time);
      process_ = ::fork();
      if (process_ == 0) {
        BecomeChild(parent, ends[1], options);
        work();
        ::_exit(0);
      }
      ::close(ends[1]);
    }
    ended_ = ends[0];
    return process_ > 0;
  }

  /// Kills it after `most`.
  Death Wait(std::chrono::milliseconds most) const {
    Death death;
    pollfd ended{.fd = ended_, .events = POLLIN, .revents = 0};
    int ready = 0;
    do {
      ready = ::poll(&ended, 1, static_cast<int>(most.count()));
    } while (ready < 0 && errno == EINTR);
    death.was_waited_for_too_long = ready == 0;
    if (death.was_waited_for_too_long) ::kill(process_, SIGKILL);
    while (::waitpid(process_, &death.wait_status, 0) < 0 && errno == EINTR) {
    }
    return death;
  }

  Child() = default;
  ~Child() {
    if (ended_ >= 0) ::close(ended_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

 private:
  pid_t process_ = -1;
  int ended_ = -1;
};

/// One try. nullopt: the child died, and `death` says how.
std::optional<arrow::Status> Try(ImageReader& reader, const ImageOptions& options,
                                 std::span<const uint8_t> encoded, uint8_t* pixels,
                                 std::chrono::milliseconds most, Death* death) {
  const size_t pixel_bytes = static_cast<size_t>(options.width) * options.height * 3;
  const SharedAnswer answer(pixel_bytes);
  if (!answer) return arrow::Status::IOError("no memory for a process that decodes an image");
  Child child;
  if (!child.Start(options,
                   [&] { Write(reader.Read(encoded, answer->pixels()), *answer.operator->()); })) {
    return arrow::Status::IOError("cannot start a process that decodes an image: ",
                                  std::strerror(errno));
  }
  *death = child.Wait(most);
  switch (answer->kind) {
    case Answer::Kind::kPixels:
      std::memcpy(pixels, answer->pixels(), pixel_bytes);
      return arrow::Status::OK();
    case Answer::Kind::kRejected:
      return Rejected(answer->reason, answer->message.data());
    case Answer::Kind::kFailed:
      return arrow::Status::UnknownError(answer->message.data());
    default:
      return std::nullopt;
  }
}

}  // namespace

arrow::Status ChildReader::Read(ImageReader& reader, std::span<const uint8_t> encoded,
                                uint8_t* pixels) {
  Death death;
  {
    const std::shared_lock lock(alone_);
    const auto first = Try(reader, options_, encoded, pixels, FirstWait(options_), &death);
    if (first) return *first;
  }
  const std::unique_lock lock(alone_);
  const auto last = Try(reader, options_, encoded, pixels, LastWait(options_), &death);
  if (last) return *last;
  return RejectionOf(death);
}

}  // namespace pomona
