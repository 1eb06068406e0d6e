#include "pomona/linalg/logistic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <numeric>
#include <utility>
#include <vector>

namespace pomona {
namespace {

using Vector = std::vector<double>;

/// Pairs of steps and changes of the gradient that are remembered.
constexpr size_t kMemory = 20;
/// A level's squared gradient, of the objective, at which more features come.
constexpr double kLevelTolerance = 1e-3;
constexpr std::array<int64_t, 2> kLevels = {128, 512};
constexpr double kLeastStep = 1e-6;
constexpr double kLeastCurvature = 1e-9;

double Dot(const Vector& a, const Vector& b) {
  return std::transform_reduce(a.begin(), a.end(), b.begin(), 0.0);
}

void AddTo(Vector* to, double factor, const Vector& what) {
  for (size_t i = 0; i < to->size(); ++i) (*to)[i] += factor * what[i];
}

/// The steps so far, and what they tell of the second derivatives.
class StepMemory {
 public:
  void Remember(Vector step, Vector change) {
    const double product = Dot(step, change);
    if (!(product > 0)) return;
    pairs_.push_back({std::move(step), std::move(change), 1 / product});
    if (pairs_.size() > kMemory) pairs_.pop_front();
  }

  /// Where to go from a point with this gradient.
  Vector Direction(const Vector& gradient) const {
    Vector q(gradient.size());
    for (size_t i = 0; i < q.size(); ++i) q[i] = -gradient[i];
    Vector alphas;
    for (auto pair = pairs_.rbegin(); pair != pairs_.rend(); ++pair) {
      alphas.push_back(Dot(pair->step, q) * pair->over_product);
      AddTo(&q, -alphas.back(), pair->change);
    }
    if (!pairs_.empty()) {
      const Pair& last = pairs_.back();
      const double factor = 1 / (last.over_product * Dot(last.change, last.change));
      for (double& one : q) one *= factor;
    }
    for (const Pair& pair : pairs_) {
      const double beta = Dot(pair.change, q) * pair.over_product;
      AddTo(&q, alphas.back() - beta, pair.step);
      alphas.pop_back();
    }
    return q;
  }

 private:
  struct Pair {
    Vector step, change;
    double over_product;
  };
  std::deque<Pair> pairs_;
};

/// The objective of the first `width` features, in coordinates that even its curvature out: the
/// weights and, behind them, the bias.
class Level {
 public:
  Level(const SoftmaxLoss& loss, std::span<const double> variances, double penalty,
        double curvature)
      : loss_(loss),
        width_(static_cast<int64_t>(variances.size())),
        penalty_(penalty),
        bias_scale_(1 / std::sqrt(curvature)) {
    for (const double variance : variances) {
      scale_.push_back(1 / std::sqrt(curvature * variance + penalty));
    }
  }

  struct Point {
    Vector at, gradient;
    double objective = 0;
    double curvature = 0;
    double gap = 0;
  };

  Vector Coordinates(const LinearWeights& weights) const {
    return Mapped(weights, [](double weight, double scale) { return weight / scale; });
  }

  LinearWeights Weights(const Vector& at) const {
    LinearWeights weights(loss_.classes(), width_);
    const double* from = at.data();
    for (size_t i = 0; i < weights.weights.size(); ++i) {
      weights.weights[i] = *from++ * scale_[i % scale_.size()];
    }
    for (size_t c = 0; c < weights.bias.size(); ++c) {
      // Of a class without rows: it is never named, and there is no best bias.
      weights.bias[c] = loss_.shares()[c] > 0 ? *from * bias_scale_ : kNever;
      ++from;
    }
    return weights;
  }

  Point Evaluate(Vector at) const {
    const LinearWeights weights = Weights(at);
    LinearWeights gradient;
    const auto value = loss_.Evaluate(weights, &gradient);
    double squares = 0;
    double slopes = 0;
    for (size_t i = 0; i < weights.weights.size(); ++i) {
      squares += weights.weights[i] * weights.weights[i];
      gradient.weights[i] += penalty_ * weights.weights[i];
      slopes += gradient.weights[i] * gradient.weights[i];
    }
    for (size_t c = 0; c < weights.bias.size(); ++c) {
      if (loss_.shares()[c] == 0) gradient.bias[c] = 0;
    }
    return {.at = std::move(at),
            .gradient = Mapped(gradient,
                               [](double derivative, double scale) { return derivative * scale; }),
            .objective = value.loss + penalty_ / 2 * squares,
            .curvature = value.curvature,
            .gap = slopes / (2 * penalty_)};
  }

 private:
  static constexpr double kNever = -1e4;

  template <class Map>
  Vector Mapped(const LinearWeights& weights, Map map) const {
    Vector mapped;
    mapped.reserve(weights.weights.size() + weights.bias.size());
    for (size_t i = 0; i < weights.weights.size(); ++i) {
      mapped.push_back(map(weights.weights[i], scale_[i % scale_.size()]));
    }
    for (const double one : weights.bias) mapped.push_back(map(one, bias_scale_));
    return mapped;
  }

  const SoftmaxLoss& loss_;
  const int64_t width_;
  const double penalty_;
  const double bias_scale_;
  Vector scale_;  ///< [width]
};

/// Goes down from `point` until `done(point)`, or until a step is of no use.
template <class Done>
void Descend(const Level& level, Level::Point* point, int* evaluations, Done done) {
  StepMemory memory;
  while (!done(*point)) {
    const Vector direction = memory.Direction(point->gradient);
    const double slope = Dot(direction, point->gradient);
    double step = 1;
    Level::Point next;
    while (true) {
      Vector at = point->at;
      AddTo(&at, step, direction);
      next = level.Evaluate(std::move(at));
      ++*evaluations;
      if (next.objective <= point->objective + 1e-4 * step * slope) break;
      step /= 2;
      if (step < kLeastStep) return;
    }
    Vector moved = next.at;
    AddTo(&moved, -1, point->at);
    Vector change = next.gradient;
    AddTo(&change, -1, point->gradient);
    memory.Remember(std::move(moved), std::move(change));
    *point = std::move(next);
  }
}

}  // namespace

LogisticFit FitLogistic(const SoftmaxLoss& loss, std::span<const double> variances, double penalty,
                        double tolerance, const LogisticFit* start, const arrow::StopToken& stop) {
  const auto dim = static_cast<int64_t>(variances.size());
  LogisticFit fit;
  std::vector<int64_t> widths;
  if (start != nullptr) {
    fit.weights = start->weights;
    fit.curvature = start->curvature;
  } else {
    for (const int64_t level : kLevels) {
      if (2 * level <= dim) widths.push_back(level);
    }
    fit.weights = LinearWeights(loss.classes(), 0);
    // What is to come is surer by far than a guess among all classes.
    const auto classes = static_cast<double>(loss.classes());
    fit.curvature = (1 - 1 / classes) / classes / 8;
  }
  widths.push_back(dim);
  for (const int64_t width : widths) {
    const Level level(loss, variances.first(static_cast<size_t>(width)), penalty,
                      std::max(fit.curvature, kLeastCurvature));
    auto point = level.Evaluate(level.Coordinates(fit.weights.Widened(width)));
    ++fit.evaluations;
    Descend(level, &point, &fit.evaluations, [&](const Level::Point& at) {
      if (stop.IsStopRequested()) return true;
      if (width == dim) return at.gap <= tolerance * at.objective;
      return Dot(at.gradient, at.gradient) <= kLevelTolerance * at.objective;
    });
    fit.weights = level.Weights(point.at);
    fit.objective = point.objective;
    fit.curvature = point.curvature;
    fit.gap = point.gap;
  }
  return fit;
}

const LogisticFit& LogisticPath::Next(const SoftmaxLoss& loss, std::span<const double> variances,
                                      double penalty, double tolerance,
                                      const arrow::StopToken& stop) {
  LogisticFit start = last_;
  if (penalty_before_ > 0) {
    const double on = std::log(penalty / last_penalty_) / std::log(last_penalty_ / penalty_before_);
    const auto extrapolate = [on](Vector* last, const Vector& before) {
      for (size_t i = 0; i < last->size(); ++i) (*last)[i] += on * ((*last)[i] - before[i]);
    };
    extrapolate(&start.weights.weights, before_.weights.weights);
    extrapolate(&start.weights.bias, before_.weights.bias);
  }
  LogisticFit fit =
      FitLogistic(loss, variances, penalty, tolerance, last_penalty_ > 0 ? &start : nullptr, stop);
  before_ = std::move(last_);
  last_ = std::move(fit);
  penalty_before_ = std::exchange(last_penalty_, penalty);
  return last_;
}

}  // namespace pomona
