#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace pomona::image {

/// Memory that is kept between images and only grows: no allocation in steady state.
/// Aligned to 64 bytes, not initialised. Not thread-safe.
class Scratch {
 public:
  /// At least `bytes`; what was there before is lost if it had to grow.
  uint8_t* Get(size_t bytes) {
    if (bytes > capacity_) {
      data_.reset();
      capacity_ = 0;
      const size_t rounded = (bytes + 63) / 64 * 64;
      data_.reset(static_cast<uint8_t*>(std::aligned_alloc(64, rounded)));
      if (data_ == nullptr) throw std::bad_alloc();
      capacity_ = rounded;
    }
    return data_.get();
  }

  /// Gives the memory back if more than `bytes` are held: one huge image must not
  /// cost its memory for the rest of the run.
  void ShrinkTo(size_t bytes) {
    if (capacity_ > bytes) {
      data_.reset();
      capacity_ = 0;
    }
  }

 private:
  struct Free {
    void operator()(uint8_t* p) const { std::free(p); }
  };
  std::unique_ptr<uint8_t, Free> data_;
  size_t capacity_ = 0;
};

}  // namespace pomona::image
