#include "pomona/classify/temperature.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "pomona/base/thread_team.h"

namespace pomona {
namespace {

constexpr double kLeastTemperature = 0.02;
constexpr double kMostTemperature = 50;
constexpr size_t kRowsPerBlock = 4096;
constexpr int kMostSteps = 200;

/// Negative log likelihood of all rows by the reciprocal of the temperature, and its derivatives.
struct Loss {
  double value = 0, slope = 0, curve = 0;
};

/// Of one row. By the difference to the largest score, so that no exponential overflows.
Loss LossOfRow(std::span<const float> scores, size_t label, double reciprocal) {
  const double most = *std::max_element(scores.begin(), scores.end());
  double sum = 0, mean = 0, square = 0;
  for (const float score : scores) {
    const double below = score - most;
    const double part = std::exp(below * reciprocal);
    sum += part;
    mean += part * below;
    square += part * below * below;
  }
  mean /= sum;
  const double given = scores[label] - most;
  return {std::log(sum) - given * reciprocal, mean - given, square / sum - mean * mean};
}

class TemperatureFit {
 public:
  TemperatureFit(std::span<const float> scores, std::span<const int32_t> labels, int32_t classes,
                 int threads)
      : scores_(scores), labels_(labels), classes_(static_cast<size_t>(classes)), team_(threads) {}

  /// Blocks are summed in their order: whoever computed them, it is the same sum.
  Loss At(double reciprocal) {
    const size_t blocks = (labels_.size() + kRowsPerBlock - 1) / kRowsPerBlock;
    std::vector<Loss> parts(blocks);
    team_.Run(static_cast<int64_t>(blocks), [&](int64_t block) {
      const size_t begin = static_cast<size_t>(block) * kRowsPerBlock;
      Loss& part = parts[static_cast<size_t>(block)];
      for (size_t i = begin; i < std::min(labels_.size(), begin + kRowsPerBlock); ++i) {
        Add(LossOfRow(scores_.subspan(i * classes_, classes_), static_cast<size_t>(labels_[i]),
                      reciprocal),
            part);
      }
    });
    Loss all;
    for (const Loss& part : parts) Add(part, all);
    return all;
  }

 private:
  static void Add(const Loss& more, Loss& sum) {
    sum.value += more.value;
    sum.slope += more.slope;
    sum.curve += more.curve;
  }

  const std::span<const float> scores_;
  const std::span<const int32_t> labels_;
  const size_t classes_;
  ThreadTeam team_;
};

}  // namespace

void Softmax(std::span<const float> scores, double temperature, std::span<float> probabilities) {
  const double most = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (const float score : scores) sum += std::exp((score - most) / temperature);
  for (size_t i = 0; i < scores.size(); ++i) {
    probabilities[i] = static_cast<float>(std::exp((scores[i] - most) / temperature) / sum);
  }
}

Temperature FitTemperature(std::span<const float> scores, std::span<const int32_t> labels,
                           int32_t classes, int threads) {
  Temperature fitted;
  if (labels.empty()) return fitted;
  TemperatureFit fit(scores, labels, classes, threads);
  const auto rows = static_cast<double>(labels.size());
  double low = 1 / kMostTemperature, high = 1 / kLeastTemperature, at = 1;
  const Loss start = fit.At(at);
  Loss loss = start;
  // The slope grows with the reciprocal: its sign says on which side the least loss is.
  if (fit.At(low).slope >= 0) {
    at = low;
    fitted.at_bound = true;
  } else if (fit.At(high).slope <= 0) {
    at = high;
    fitted.at_bound = true;
  }
  for (int step = 0; step < kMostSteps && !fitted.at_bound; ++step) {
    (loss.slope > 0 ? high : low) = at;
    double next = loss.curve > 0 ? at - loss.slope / loss.curve : low;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const bool done = std::abs(next - at) <= 1e-10 * at;
    at = next;
    if (done) break;
    loss = fit.At(at);
  }
  fitted.value = 1 / at;
  fitted.before = start.value / rows;
  fitted.after = fit.At(at).value / rows;
  return fitted;
}

}  // namespace pomona
