#include "pomona/classify/calibration.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "pomona/classify/cosine_scores.h"

namespace pomona {
namespace {

/// Negative log likelihood of the labels, per row.
double Loss(std::span<const float> scores, std::span<const int> labels, double temperature) {
  const size_t classes = scores.size() / labels.size();
  double sum = 0;
  for (size_t r = 0; r < labels.size(); ++r) {
    const auto row = scores.subspan(r * classes, classes);
    const double most = *std::max_element(row.begin(), row.end());
    double powers = 0;
    for (const float score : row) powers += std::exp((score - most) / temperature);
    sum += std::log(powers) - (row[static_cast<size_t>(labels[r])] - most) / temperature;
  }
  return sum / static_cast<double>(labels.size());
}

/// By golden section: the loss has one minimum in 1 / temperature, of which it is a convex
/// function.
double BestTemperature(std::span<const float> scores, std::span<const int> labels) {
  constexpr double kGolden = 0.6180339887498949;
  double low = std::log(1e-3);
  double high = std::log(10.0);
  const auto loss = [&](double log) { return Loss(scores, labels, std::exp(log)); };
  double left = high - kGolden * (high - low);
  double right = low + kGolden * (high - low);
  double at_left = loss(left);
  double at_right = loss(right);
  while (high - low > 1e-4) {
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
  return std::exp((low + high) / 2);
}

/// The value of this rank, 1 being the least.
double OfRank(std::vector<double> values, int64_t rank) {
  const auto at = values.begin() + (rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

Calibration Calibrate(std::span<const float> scores, std::span<const int> labels, double coverage,
                      double false_alarms) {
  Calibration found;
  if (labels.empty()) return found;
  found.temperature = BestTemperature(scores, labels);
  const size_t classes = scores.size() / labels.size();
  std::vector<double> wrongness;
  std::vector<double> strangeness;
  for (size_t r = 0; r < labels.size(); ++r) {
    const auto from = scores.subspan(r * classes, classes);
    std::vector<float> row(from.begin(), from.end());
    strangeness.push_back(1 - *std::max_element(row.begin(), row.end()));
    Softmax(row, found.temperature);
    wrongness.push_back(1 - row[static_cast<size_t>(labels[r])]);
  }
  const auto count = static_cast<int64_t>(labels.size());
  const auto rank = static_cast<int64_t>(std::ceil(static_cast<double>(count + 1) * coverage));
  if (rank <= count) found.set_threshold = std::max(1 - OfRank(wrongness, rank), 0.0);
  const auto known =
      static_cast<int64_t>(std::ceil(static_cast<double>(count) * (1 - false_alarms)));
  found.unknown_threshold = OfRank(strangeness, std::clamp<int64_t>(known, 1, count));
  return found;
}

}  // namespace pomona
