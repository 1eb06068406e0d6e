#include "pomona/analysis/thread_team.h"

#include <utility>

namespace pomona {

ThreadTeam::~ThreadTeam() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  begins_.notify_all();
  for (auto& helper : helpers_) helper.join();
}

void ThreadTeam::Run(int64_t tasks, const std::function<void(int64_t)>& work) {
  if (threads_ == 1 || tasks < 2) {
    for (int64_t task = 0; task < tasks; ++task) work(task);
    return;
  }
  {
    std::lock_guard lock(mutex_);
    work_ = &work;
    tasks_ = tasks;
    next_ = 0;
    ++round_;
    busy_ = threads_ - 1;
  }
  begins_.notify_all();
  StartHelpers();
  Help();
  std::unique_lock lock(mutex_);
  ends_.wait(lock, [this] { return busy_ == 0; });
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

void ThreadTeam::StartHelpers() try {
  while (static_cast<int>(helpers_.size()) < threads_ - 1) {
    helpers_.emplace_back([this] { Loop(); });
  }
} catch (const std::exception&) {
  std::lock_guard lock(mutex_);
  const int missing = threads_ - 1 - static_cast<int>(helpers_.size());
  busy_ -= missing;
  threads_ -= missing;
}

void ThreadTeam::Help() {
  try {
    for (int64_t task = next_++; task < tasks_; task = next_++) (*work_)(task);
  } catch (...) {
    next_ = tasks_;
    std::lock_guard lock(mutex_);
    if (!thrown_) thrown_ = std::current_exception();
  }
}

void ThreadTeam::Loop() {
  // The first call of Run starts the threads: its round is theirs.
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

}  // namespace pomona
