#include "pomona/image/resampler.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace pomona::image {
namespace {

/// Pillow's nearest: positions are summed up in double, as rounding decides ties.
void NearestPositions(int in_size, int out_size, std::vector<int>* positions) {
  positions->resize(out_size);
  const double scale = static_cast<double>(in_size) / out_size;
  double at = scale * 0.5;
  for (int& position : *positions) {
    position = at < in_size ? static_cast<int>(at) : -1;
    at += scale;
  }
}

}  // namespace

Resampler::Resampler(int out_width, int out_height, ResizeFilter filter)
    : out_width_(out_width),
      out_height_(out_height),
      filter_(filter),
      horizontals_(out_width, filter),
      verticals_(out_height, filter) {}

Resampler::~Resampler() = default;

void Resampler::Start(int width, int height, uint8_t* pixels) {
  const bool same_size = width == width_ && height == height_;
  width_ = width;
  height_ = height;
  pixels_ = pixels;
  rows_in_ = 0;
  next_out_ = 0;
  const bool need_horizontal = width != out_width_;
  const bool need_vertical = height != out_height_;
  if (!need_horizontal && !need_vertical) {
    plan_ = Plan::kCopy;
    return;
  }
  if (filter_ == ResizeFilter::kNearest) {
    plan_ = Plan::kNearest;
    if (!same_size) {
      NearestPositions(width_, out_width_, &nearest_x_);
      NearestPositions(height_, out_height_, &nearest_y_);
    }
    return;
  }
  const int64_t shrink_x = int64_t{width} - out_width_;
  const int64_t shrink_y = int64_t{height} - out_height_;
  if (!need_vertical) {
    plan_ = Plan::kHorizontal;
  } else if (!need_horizontal) {
    plan_ = Plan::kVertical;
  } else if (shrink_y > 0 && shrink_y > 2 * shrink_x) {
    plan_ = Plan::kVerticalFirst;
  } else {
    plan_ = Plan::kHorizontalFirst;
  }
  if (need_horizontal) {
    horizontal_ = horizontals_.Get(width);
    wide_.Get(kChunk * PaddedRowBytes(out_width_));
  }
  if (need_vertical) {
    vertical_ = verticals_.Get(height);
    const int ring_width = plan_ == Plan::kHorizontalFirst ? out_width_ : width;
    ring_stride_ = PaddedRowBytes(ring_width);
    ring_slots_ = std::min(vertical_->window() + kChunk, height);
    ring_.ShrinkTo(64 << 20);
    ring_rows_ = ring_.Get(ring_stride_ * ring_slots_);
    window_.resize(vertical_->window());
    if (plan_ == Plan::kVerticalFirst) between_.Get(kChunk * ring_stride_);
  }
}

void Resampler::Push(const uint8_t* rows, size_t stride, int count) {
  if (plan_ == Plan::kNearest) {
    PushNearest(rows, stride, count);
    rows_in_ += count;
    return;
  }
  while (count > 0) {
    const int n = std::min(count, kChunk);
    PushChunk(rows, stride, n);
    rows += stride * n;
    count -= n;
  }
}

void Resampler::PushChunk(const uint8_t* rows, size_t stride, int count) {
  std::array<const uint8_t*, kChunk> in{};
  for (int r = 0; r < count; ++r) in[r] = rows + stride * r;
  switch (plan_) {
    case Plan::kCopy:
      for (int r = 0; r < count; ++r) {
        std::memcpy(OutRow(rows_in_ + r), in[r], static_cast<size_t>(width_) * 3);
      }
      break;
    case Plan::kHorizontal:
      EmitHorizontal(in.data(), rows_in_, count);
      break;
    case Plan::kHorizontalFirst: {
      std::array<uint8_t*, kChunk> ring{};
      for (int r = 0; r < count; ++r) ring[r] = RingRow(rows_in_ + r);
      horizontal_->Run(in.data(), ring.data(), count);
      break;
    }
    default:
      for (int r = 0; r < count; ++r) {
        std::memcpy(RingRow(rows_in_ + r), in[r], static_cast<size_t>(width_) * 3);
      }
  }
  rows_in_ += count;
  if (plan_ != Plan::kCopy && plan_ != Plan::kHorizontal) EmitVertical();
}

void Resampler::EmitVertical() {
  const size_t bytes =
      static_cast<size_t>(plan_ == Plan::kHorizontalFirst ? out_width_ : width_) * 3;
  std::array<uint8_t*, kChunk> out{};
  while (next_out_ < out_height_) {
    const int first = vertical_->first(next_out_);
    if (rows_in_ < std::min(first + vertical_->window(), height_)) return;
    for (size_t t = 0; t < window_.size(); ++t) {
      window_[t] = RingRow(std::min(first + static_cast<int>(t), height_ - 1));
    }
    int rows = 0;
    while (rows < kChunk && next_out_ + rows < out_height_ &&
           vertical_->first(next_out_ + rows) == first) {
      out[rows] = plan_ == Plan::kVerticalFirst ? between_.Get(0) + rows * ring_stride_
                                                : OutRow(next_out_ + rows);
      ++rows;
    }
    vertical_->Run(next_out_, rows, window_.data(), out.data(), bytes);
    if (plan_ == Plan::kVerticalFirst) EmitHorizontal(out.data(), next_out_, rows);
    next_out_ += rows;
  }
}

void Resampler::EmitHorizontal(const uint8_t* const* in, int y, int rows) {
  std::array<uint8_t*, kChunk> wide{};
  for (int r = 0; r < rows; ++r) wide[r] = wide_.Get(0) + r * PaddedRowBytes(out_width_);
  horizontal_->Run(in, wide.data(), rows);
  for (int r = 0; r < rows; ++r) {
    std::memcpy(OutRow(y + r), wide[r], static_cast<size_t>(out_width_) * 3);
  }
}

void Resampler::PushNearest(const uint8_t* rows, size_t stride, int count) {
  // Positions ascend, but for the -1 that rounding may leave at the very end.
  for (; next_out_ < out_height_ && nearest_y_[next_out_] < rows_in_ + count; ++next_out_) {
    uint8_t* out = OutRow(next_out_);
    const int y = nearest_y_[next_out_];
    if (y < 0) {
      std::memset(out, 0, static_cast<size_t>(out_width_) * 3);
      continue;
    }
    const uint8_t* in = rows + stride * (y - rows_in_);
    for (const int x : nearest_x_) {
      if (x < 0) {
        std::memset(out, 0, 3);
      } else {
        std::memcpy(out, in + static_cast<size_t>(x) * 3, 3);
      }
      out += 3;
    }
  }
}

}  // namespace pomona::image
