#include "pomona/linalg/softmax_loss.h"

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <new>

#include "pomona/linalg/dot_tiles.h"
#include "pomona/linalg/softmax_residuals.h"

namespace pomona {
namespace {

constexpr int64_t kBlockRows = RowPanels::kBlockRows;
constexpr int64_t kPanel = kDotColumns;
static_assert(kPanel == RowPanels::kPanelFeatures && kBlockRows % kDotRows == 0);
/// Features that are summed at once: the rows' 12 KB and the weights' 32 KB stay in the cache.
constexpr int64_t kDepth = 256;
/// Blocks whose gradient is summed in float32.
constexpr int64_t kTaskBlocks = 10;

int64_t RoundedUp(int64_t count, int64_t to) { return (count + to - 1) / to * to; }

using Floats = hwy::AlignedFreeUniquePtr<float[]>;

Floats Allocate(int64_t count) {
  auto floats = hwy::AllocateAligned<float>(static_cast<size_t>(count));
  if (floats == nullptr) throw std::bad_alloc();
  return floats;
}

/// The weights for DotTiles: sixteen classes at a time, [panels][width][16].
class WeightPanels {
 public:
  explicit WeightPanels(const LinearWeights& at)
      : classes_(at.classes),
        padded_(RoundedUp(at.classes, kPanel)),
        width_(RoundedUp(at.width, kPanel)),
        panels_(Allocate(padded_ * width_)),
        bias_(at.bias.begin(), at.bias.end()) {
    std::fill_n(panels_.get(), padded_ * width_, 0.0F);
    for (int64_t c = 0; c < classes_; ++c) {
      float* to = panels_.get() + c / kPanel * width_ * kPanel + c % kPanel;
      const double* from = at.weights.data() + c * at.width;
      for (int64_t i = 0; i < at.width; ++i) to[i * kPanel] = static_cast<float>(from[i]);
    }
  }

  int64_t classes() const { return classes_; }
  int64_t padded() const { return padded_; }
  int64_t width() const { return width_; }

  /// scores: [kBlockRows][padded], aligned; of all rows of the block. `packed`: [kBlockRows *
  /// kDepth], to work in.
  void Score(const float* block, float* packed, float* scores) const {
    for (int64_t first = 0; first < width_; first += kDepth) {
      const int64_t depth = std::min(kDepth, width_ - first);
      PackRows(block + first / kPanel * RowPanels::kPanelSize, depth, packed);
      for (int64_t c = 0; c < padded_; c += 2 * kPanel) {
        const int64_t panels = std::min<int64_t>(2, (padded_ - c) / kPanel);
        const float* weights = panels_.get() + c * width_ + first * kPanel;
        for (int64_t r = 0; r < kBlockRows; r += kDotRows) {
          DotTiles(packed + r * kDepth, weights, width_ * kPanel, panels, depth,
                   scores + r * padded_ + c, padded_, first == 0);
        }
      }
    }
    for (int64_t r = 0; r < kBlockRows; ++r) {
      float* row = scores + r * padded_;
      for (int64_t c = 0; c < classes_; ++c) row[c] += bias_[static_cast<size_t>(c)];
    }
  }

 private:
  /// Twelve rows at a time, feature by feature.
  static void PackRows(const float* panels, int64_t depth, float* packed) {
    for (int64_t first = 0; first < depth; first += kPanel, panels += RowPanels::kPanelSize) {
      for (int64_t r = 0; r < kBlockRows; r += kDotRows) {
        const float* from = panels + r * kPanel;
        float* to = packed + r * kDepth + first * kDotRows;
        for (int64_t i = 0; i < kPanel; ++i) {
          for (int64_t j = 0; j < kDotRows; ++j) to[i * kDotRows + j] = from[j * kPanel + i];
        }
      }
    }
  }

  const int64_t classes_, padded_, width_;
  Floats panels_;
  std::vector<float> bias_;
};

/// gradient[c][i] += residuals[r][c] * row r, feature i. `packed`: [classes, rounded up to
/// 12][kBlockRows], to work in; gradient: [classes, rounded up to 12][width].
void AddOuterProducts(const float* block, const float* residuals, const WeightPanels& weights,
                      float* packed, float* gradient, bool first) {
  const int64_t classes = weights.classes();
  for (int64_t c = 0; c < classes; c += kDotRows) {
    float* to = packed + c * kBlockRows;
    const int64_t count = std::min(kDotRows, classes - c);
    for (int64_t r = 0; r < kBlockRows; ++r, to += kDotRows) {
      const float* from = residuals + r * weights.padded() + c;
      for (int64_t j = 0; j < count; ++j) to[j] = from[j];
      for (int64_t j = count; j < kDotRows; ++j) to[j] = 0;
    }
  }
  for (int64_t i = 0; i < weights.width(); i += 2 * kPanel) {
    const int64_t panels = std::min<int64_t>(2, (weights.width() - i) / kPanel);
    for (int64_t c = 0; c < classes; c += kDotRows) {
      DotTiles(packed + c * kBlockRows, block + i / kPanel * RowPanels::kPanelSize,
               RowPanels::kPanelSize, panels, kBlockRows, gradient + c * weights.width() + i,
               weights.width(), first);
    }
  }
}

/// What one task adds.
struct Sums {
  SoftmaxLoss::Value value;
  std::vector<double> bias;
  Floats gradient;
};

}  // namespace

LinearWeights::LinearWeights(int64_t classes, int64_t width)
    : classes(classes),
      width(width),
      weights(static_cast<size_t>(classes * width), 0.0),
      bias(static_cast<size_t>(classes), 0.0) {}

LinearWeights LinearWeights::Widened(int64_t to) const {
  LinearWeights wider(classes, to);
  for (int64_t c = 0; c < classes; ++c) {
    std::copy_n(weights.data() + c * width, width, wider.weights.data() + c * to);
  }
  wider.bias = bias;
  return wider;
}

SoftmaxLoss::SoftmaxLoss(std::vector<LabelledPanels> parts, std::span<const double> class_weights,
                         ThreadTeam& team, int threads)
    : parts_(std::move(parts)), shares_(class_weights.size(), 0.0), team_(team), threads_(threads) {
  double all = 0;
  for (size_t p = 0; p < parts_.size(); ++p) {
    for (const int32_t label : parts_[p].labels) {
      shares_[static_cast<size_t>(label)] += class_weights[static_cast<size_t>(label)];
    }
    const int64_t blocks = parts_[p].rows->blocks();
    for (int64_t b = 0; b < blocks; b += kTaskBlocks) {
      tasks_.push_back({p, b, std::min(b + kTaskBlocks, blocks)});
    }
  }
  for (const double share : shares_) all += share;
  for (double& share : shares_) share /= all;
  for (const double one : class_weights) row_weights_.push_back(static_cast<float>(one / all));
}

SoftmaxLoss::Value SoftmaxLoss::Evaluate(const LinearWeights& at, LinearWeights* gradient) const {
  const WeightPanels weights(at);
  const int64_t classes = weights.classes();
  const int64_t gradient_rows = RoundedUp(classes, kDotRows);
  *gradient = LinearWeights(classes, at.width);
  Value value;
  // As many at once as there are threads, then in order: that bounds the memory.
  const auto at_once = static_cast<size_t>(threads_);
  std::vector<Sums> wave(at_once);
  for (size_t begin = 0; begin < tasks_.size(); begin += at_once) {
    const size_t count = std::min(at_once, tasks_.size() - begin);
    team_.Run(static_cast<int64_t>(count), [&](int64_t index) {
      const Task& task = tasks_[begin + static_cast<size_t>(index)];
      const LabelledPanels& part = parts_[task.part];
      Sums& sums = wave[static_cast<size_t>(index)];
      sums.value = {};
      sums.bias.assign(static_cast<size_t>(classes), 0.0);
      if (!sums.gradient) sums.gradient = Allocate(gradient_rows * weights.width());
      const Floats packed = Allocate(kBlockRows * kDepth);
      const Floats scores = Allocate(kBlockRows * weights.padded());
      const Floats residuals = Allocate(kBlockRows * gradient_rows);
      for (int64_t b = task.first_block; b < task.end_block; ++b) {
        const float* block = part.rows->block(b);
        const int64_t rows = part.rows->RowsOf(b);
        weights.Score(block, packed.get(), scores.get());
        for (int64_t r = 0; r < rows; ++r) {
          const int32_t label = part.labels[static_cast<size_t>(b * kBlockRows + r)];
          float* row = scores.get() + r * weights.padded();
          const RowLoss added = SoftmaxResidual(row, classes, weights.padded(), label,
                                                row_weights_[static_cast<size_t>(label)]);
          sums.value.loss += added.loss;
          sums.value.curvature += added.curvature;
          for (int64_t c = 0; c < classes; ++c) sums.bias[static_cast<size_t>(c)] += row[c];
        }
        std::fill(scores.get() + rows * weights.padded(),
                  scores.get() + kBlockRows * weights.padded(), 0.0F);
        AddOuterProducts(block, scores.get(), weights, residuals.get(), sums.gradient.get(),
                         b == task.first_block);
      }
    });
    for (size_t t = 0; t < count; ++t) {
      value.loss += wave[t].value.loss;
      value.curvature += wave[t].value.curvature / static_cast<double>(classes);
      for (size_t c = 0; c < wave[t].bias.size(); ++c) gradient->bias[c] += wave[t].bias[c];
    }
    team_.Run(classes, [&](int64_t c) {
      double* to = gradient->weights.data() + c * at.width;
      for (size_t t = 0; t < count; ++t) {
        const float* from = wave[t].gradient.get() + c * weights.width();
        for (int64_t i = 0; i < at.width; ++i) to[i] += static_cast<double>(from[i]);
      }
    });
  }
  return value;
}

void LinearScores(const RowPanels& rows, const LinearWeights& weights, ThreadTeam& team,
                  float* scores) {
  const WeightPanels panels(weights);
  team.Run(rows.blocks(), [&](int64_t b) {
    const Floats packed = Allocate(kBlockRows * kDepth);
    const Floats block = Allocate(kBlockRows * panels.padded());
    panels.Score(rows.block(b), packed.get(), block.get());
    for (int64_t r = 0; r < rows.RowsOf(b); ++r) {
      std::copy_n(block.get() + r * panels.padded(), panels.classes(),
                  scores + (b * kBlockRows + r) * panels.classes());
    }
  });
}

}  // namespace pomona
