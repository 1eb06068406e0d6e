#include "pomona/classify/sureness.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "pomona/base/thread_team.h"

namespace pomona {
namespace {

constexpr double kLeastTemperature = 0.02;
constexpr double kMostTemperature = 1000;
constexpr double kMostDoubt = 0.5;
constexpr int kGrid = 32;
constexpr double kGolden = 0.6180339887498949;
constexpr double kNear = 1e-4;  ///< in the logarithm of the temperature
constexpr size_t kRowsPerBlock = 4096;

class Fit {
 public:
  Fit(std::span<const float> scores, std::span<const int32_t> labels, int threads)
      : scores_(scores),
        labels_(labels),
        classes_(scores.size() / labels.size()),
        team_(threads),
        right_(labels.size()) {}

  /// What Slope and Loss are of from now on.
  void Set(double temperature) {
    const size_t blocks = (labels_.size() + kRowsPerBlock - 1) / kRowsPerBlock;
    team_.Run(static_cast<int64_t>(blocks), [&](int64_t block) {
      const size_t begin = static_cast<size_t>(block) * kRowsPerBlock;
      for (size_t r = begin; r < std::min(labels_.size(), begin + kRowsPerBlock); ++r) {
        right_[r] = SoftmaxOf(r, temperature);
      }
    });
  }

  /// The best doubt at this temperature, and the loss of all rows.
  double At(double temperature, double* doubt) {
    Set(temperature);
    double low = 0;
    double high = kMostDoubt;
    // The likelihood is concave in the doubt: its slope falls.
    if (Slope(low) <= 0) high = low;
    for (int step = 0; step < 40 && high > low; ++step) {
      const double middle = (low + high) / 2;
      (Slope(middle) > 0 ? low : high) = middle;
    }
    *doubt = (low + high) / 2;
    return Loss(*doubt);
  }

  /// With the doubt that is given.
  double Loss(double doubt) const {
    double loss = 0;
    for (const double p : right_) {
      // A probability that is too small to be one still costs no infinite loss.
      loss -= std::log(std::max((1 - doubt) * p + doubt / static_cast<double>(classes_), 1e-300));
    }
    return loss;
  }

 private:
  double SoftmaxOf(size_t row, double temperature) const {
    const auto scores = scores_.subspan(row * classes_, classes_);
    const double most = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (const float score : scores) sum += std::exp((score - most) / temperature);
    return std::exp((scores[static_cast<size_t>(labels_[row])] - most) / temperature) / sum;
  }

  double Slope(double doubt) const {
    const double flat = 1 / static_cast<double>(classes_);
    double slope = 0;
    for (const double p : right_) {
      slope += (flat - p) / std::max((1 - doubt) * p + doubt * flat, 1e-300);
    }
    return slope;
  }

  const std::span<const float> scores_;
  const std::span<const int32_t> labels_;
  const size_t classes_;
  ThreadTeam team_;
  std::vector<double> right_;  ///< softmax of the right label, by row
};

}  // namespace

void Probabilities(std::span<const float> scores, const Sureness& sureness,
                   std::span<float> probabilities) {
  const double most = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (const float score : scores) sum += std::exp((score - most) / sureness.temperature);
  const double flat = sureness.doubt / static_cast<double>(scores.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    const double share = std::exp((scores[i] - most) / sureness.temperature) / sum;
    probabilities[i] = static_cast<float>((1 - sureness.doubt) * share + flat);
  }
}

double LossOf(std::span<const float> scores, std::span<const int32_t> labels,
              const Sureness& sureness, int threads) {
  Fit fit(scores, labels, threads);
  fit.Set(sureness.temperature);
  return fit.Loss(sureness.doubt) / static_cast<double>(labels.size());
}

Sureness FitSureness(std::span<const float> scores, std::span<const int32_t> labels, int threads) {
  Sureness found;
  if (labels.empty()) return found;
  Fit fit(scores, labels, threads);
  const double least = std::log(kLeastTemperature);
  const double step = (std::log(kMostTemperature) - least) / (kGrid - 1);
  double doubt = 0;
  const auto loss = [&](double log) { return fit.At(std::exp(log), &doubt); };
  int best = 0;
  double best_loss = loss(least);
  for (int i = 1; i < kGrid; ++i) {
    const double one = loss(least + step * i);
    if (one < best_loss) {
      best = i;
      best_loss = one;
    }
  }
  double low = least + step * std::max(best - 1, 0);
  double high = least + step * std::min(best + 1, kGrid - 1);
  double left = high - kGolden * (high - low);
  double right = low + kGolden * (high - low);
  double at_left = loss(left);
  double at_right = loss(right);
  while (high - low > kNear) {
    if (at_left <= at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - kGolden * (high - low);
      at_left = loss(left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + kGolden * (high - low);
      at_right = loss(right);
    }
  }
  found.temperature = std::exp((low + high) / 2);
  fit.At(found.temperature, &found.doubt);
  return found;
}

}  // namespace pomona
