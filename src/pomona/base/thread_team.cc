#include "pomona/base/thread_team.h"

#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "pomona/base/guarded.h"

namespace pomona {

class ThreadTeam::Helpers {
 public:
  explicit Helpers(int count) {
    threads_.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      auto thread = StartThread([this] { Loop(); });
      if (!thread.ok()) break;
      threads_.push_back(std::move(*thread));
    }
  }

  ~Helpers() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    begins_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

  bool of_this_process() const { return process_ == getpid(); }

  void Run(int64_t tasks, const std::function<void(int64_t)>& work) {
    {
      std::lock_guard lock(mutex_);
      work_ = &work;
      tasks_ = tasks;
      next_ = 0;
      ++round_;
      busy_ = threads_.size();
    }
    begins_.notify_all();
    Help();
    std::unique_lock lock(mutex_);
    ends_.wait(lock, [this] { return busy_ == 0; });
    if (auto thrown = std::exchange(thrown_, nullptr)) std::rethrow_exception(thrown);
  }

 private:
  void Help() {
    try {
      for (int64_t task = next_++; task < tasks_; task = next_++) (*work_)(task);
    } catch (...) {
      std::lock_guard lock(mutex_);
      thrown_ = std::current_exception();
      next_ = tasks_;
    }
  }

  void Loop() {
    int64_t done = 0;
    std::unique_lock lock(mutex_);
    while (true) {
      begins_.wait(lock, [&] { return closed_ || round_ != done; });
      if (closed_) return;
      done = round_;
      lock.unlock();
      Help();
      lock.lock();
      if (--busy_ == 0) ends_.notify_one();
    }
  }

  const pid_t process_ = getpid();
  std::atomic<int64_t> next_{0};
  int64_t tasks_ = 0;
  const std::function<void(int64_t)>* work_ = nullptr;

  std::mutex mutex_;  ///< of all below
  std::condition_variable begins_;
  std::condition_variable ends_;
  int64_t round_ = 0;
  size_t busy_ = 0;
  bool closed_ = false;
  std::exception_ptr thrown_;
  std::vector<std::thread> threads_;
};

ThreadTeam::ThreadTeam(int threads) : threads_(threads) {}

ThreadTeam::~ThreadTeam() { Abandon(); }

void ThreadTeam::Abandon() {
  if (helpers_ != nullptr && !helpers_->of_this_process()) {
    static_cast<void>(helpers_.release());
  }
}

ThreadTeam::Helpers& ThreadTeam::helpers() {
  Abandon();
  if (helpers_ == nullptr) helpers_ = std::make_unique<Helpers>(threads_ - 1);
  return *helpers_;
}

void ThreadTeam::Run(int64_t tasks, const std::function<void(int64_t)>& work) {
  if (threads_ == 1 || tasks < 2) {
    for (int64_t task = 0; task < tasks; ++task) work(task);
  } else {
    helpers().Run(tasks, work);
  }
}

}  // namespace pomona
