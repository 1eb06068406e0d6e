#pragma once

#include <ucontext.h>

#include <functional>
#include <memory>

namespace pomona {

/// A piece of a program that stops and goes on where it says so: many take turns on one thread, so
/// that nothing happens but what a schedule asks for. For one thread. Must have ended when it is
/// destroyed, or have never begun.
class Fiber {
 public:
  explicit Fiber(std::function<void()> body);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// Runs the body until it calls Yield, or ends.
  void Resume();
  /// Called by the body: goes back to who resumed it.
  void Yield();
  bool ended() const { return ended_; }

 private:
  static void Enter(unsigned high, unsigned low);

  const std::function<void()> body_;
  std::unique_ptr<char[]> stack_;
  ucontext_t here_{};
  ucontext_t resumer_{};
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace pomona
