#include "pomona/extract/child_reader.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
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
/// A child shall not wait for ever for a lock that some thread held while it was made.
constexpr unsigned kSpareWaiting = 60;

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

/// The child lets go of all that is the parent's, and dies with it.
void BecomeChild(pid_t parent, const ImageOptions& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  ::close_range(0, ~0u, 0);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM, SIGXCPU, SIGTERM}) {
    ::signal(signal, SIG_DFL);
  }
  ::signal(SIGINT, SIG_IGN);  // Ctrl-C is for the parent
  // Where memory runs out, let the kernel take the child.
  if (const int score = ::open("/proc/self/oom_score_adj", O_WRONLY); score >= 0) {
    (void)!::write(score, "1000", 4);
    ::close(score);
  }
  const double seconds = std::min(std::ceil(options.max_image_seconds), 1e6);
  Limit(RLIMIT_CORE, 0);
  Limit(RLIMIT_CPU, static_cast<rlim_t>(seconds) + kSpareSeconds);
  Limit(RLIMIT_AS, AddressSpace() + static_cast<rlim_t>(options.max_image_memory) + kSpareMemory);
  ::alarm(static_cast<unsigned>(seconds) * 10 + kSpareWaiting);
}

void Write(const arrow::Status& status, Answer& answer) {
  const std::string message = status.ok() ? std::string() : status.message();
  std::snprintf(answer.message.data(), answer.message.size(), "%s", message.c_str());
  const std::optional<RejectReason> reason = RejectReasonOf(status);
  answer.reason = reason.value_or(RejectReason::kPoison);
  std::atomic_thread_fence(std::memory_order_release);
  answer.kind = status.ok() ? Answer::Kind::kPixels
                : reason    ? Answer::Kind::kRejected
                            : Answer::Kind::kFailed;
}

arrow::Status RejectionOf(int wait_status) {
  const int signal = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0;
  if (signal == SIGXCPU || signal == SIGALRM) {
    return Rejected(RejectReason::kTooSlow,
                    "the process that decoded this image alone did not end");
  }
  return Rejected(
      RejectReason::kPoison,
      "the process that decoded this image alone died of signal " + std::to_string(signal));
}

/// One try. nullopt: the child died, and `wait_status` says how.
std::optional<arrow::Status> Try(ImageReader& reader, const ImageOptions& options,
                                 std::span<const uint8_t> encoded, uint8_t* pixels,
                                 int* wait_status) {
  const size_t pixel_bytes = static_cast<size_t>(options.width) * options.height * 3;
  const SharedAnswer answer(pixel_bytes);
  if (!answer) return arrow::Status::IOError("no memory for a process that decodes an image");
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) {
    return arrow::Status::IOError("cannot start a process that decodes an image: ",
                                  std::strerror(errno));
  }
  if (child == 0) {
    BecomeChild(parent, options);
    Write(reader.Read(encoded, answer->pixels()), *answer.operator->());
    ::_exit(0);
  }
  while (::waitpid(child, wait_status, 0) < 0 && errno == EINTR) {
  }
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
  int death = 0;
  {
    const std::shared_lock lock(alone_);
    if (const auto outcome = Try(reader, options_, encoded, pixels, &death)) return *outcome;
  }
  const std::unique_lock lock(alone_);
  if (const auto outcome = Try(reader, options_, encoded, pixels, &death)) return *outcome;
  return RejectionOf(death);
}

}  // namespace pomona
