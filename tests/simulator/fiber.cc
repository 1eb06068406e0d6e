#include "simulator/fiber.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace pomona {
namespace {

constexpr size_t kStackBytes = 256 * 1024;

/// Stacks that no fiber uses: a new one would cost a page fault for each page of it. Never
/// destroyed, as fibers may be, at the end of the program.
std::vector<std::unique_ptr<char[]>>& FreeStacks() {
  static auto* stacks = new std::vector<std::unique_ptr<char[]>>();
  return *stacks;
}

}  // namespace

Fiber::Fiber(std::function<void()> body) : body_(std::move(body)) {}

Fiber::~Fiber() {
  if (stack_ != nullptr) FreeStacks().push_back(std::move(stack_));
}

void Fiber::Enter(unsigned high, unsigned low) {
  // makecontext passes ints.
  auto* fiber = reinterpret_cast<Fiber*>((static_cast<uintptr_t>(high) << 32U) | low);
  fiber->body_();
  fiber->ended_ = true;
}

void Fiber::Resume() {
  if (!begun_) {
    begun_ = true;
    if (FreeStacks().empty()) {
      stack_.reset(new char[kStackBytes]);
    } else {
      stack_ = std::move(FreeStacks().back());
      FreeStacks().pop_back();
    }
    getcontext(&here_);
    here_.uc_stack.ss_sp = stack_.get();
    here_.uc_stack.ss_size = kStackBytes;
    here_.uc_link = &resumer_;
    const auto self = reinterpret_cast<uintptr_t>(this);
    makecontext(&here_, reinterpret_cast<void (*)()>(&Fiber::Enter), 2,
                static_cast<unsigned>(self >> 32U), static_cast<unsigned>(self));
  }
  swapcontext(&resumer_, &here_);
}

void Fiber::Yield() { swapcontext(&here_, &resumer_); }

}  // namespace pomona
