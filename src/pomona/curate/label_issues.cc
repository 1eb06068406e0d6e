#include <algorithm>
#include <cmath>
#include <numeric>

#include "pomona/error_kind.h"
#include "pomona/issues.h"

namespace pomona {
namespace {

using arrow::Status;

/// Probabilities that differ by less are equal.
constexpr double kSame = 1e-6;
/// Of a class that no row is given: no probability reaches it.
constexpr double kNeverReached = 2;

/// Numbers as whole ones with the same sum: each rounded, halves to the even; what is then missing
/// or too much is made up by those that rounding moved furthest the other way. cleanlab's
/// round_preserving_sum.
void RoundKeepingSum(std::span<double> numbers) {
  double sum = 0;
  double rounded_sum = 0;
  std::vector<double> moved(numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i) {
    sum += numbers[i];
    const double rounded = std::nearbyint(numbers[i]);
    moved[i] = numbers[i] - rounded;
    numbers[i] = rounded;
    rounded_sum += rounded;
  }
  const auto missing = static_cast<int64_t>(std::nearbyint(sum) - rounded_sum);
  if (missing == 0) return;
  std::vector<size_t> order(numbers.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return moved[a] < moved[b]; });
  if (missing > 0) std::reverse(order.begin(), order.end());
  for (int64_t i = 0; i < std::abs(missing); ++i) {
    numbers[order[static_cast<size_t>(i) % order.size()]] += missing > 0 ? 1 : -1;
  }
}

class ConfidentLearning {
 public:
  ConfidentLearning(std::span<const float> probabilities, std::span<const int32_t> labels,
                    int64_t classes, int64_t least)
      : probabilities_(probabilities),
        labels_(labels),
        classes_(static_cast<size_t>(classes)),
        least_(least),
        counts_(classes_, 0) {
    for (const int32_t label : labels) ++counts_[static_cast<size_t>(label)];
  }

  LabelIssues Find() {
    FindThresholds();
    CountConfident();
    Calibrate();
    LabelIssues found;
    for (size_t r = 0; r < labels_.size(); ++r) {
      const auto row = Row(r);
      found.score.push_back(row[Given(r)]);
      found.predicted.push_back(
          static_cast<int32_t>(std::max_element(row.begin(), row.end()) - row.begin()));
    }
    found.is_issue.assign(labels_.size(), 0);
    Prune(&found.is_issue);
    for (size_t r = 0; r < labels_.size(); ++r) {
      if (found.is_issue[r] != 0 && GivenIsLikeliest(r)) found.is_issue[r] = 0;
    }
    return found;
  }

 private:
  std::span<const float> Row(size_t r) const {
    return probabilities_.subspan(r * classes_, classes_);
  }
  size_t Given(size_t r) const { return static_cast<size_t>(labels_[r]); }
  double& Joint(size_t given, size_t likely) { return joint_[given * classes_ + likely]; }

  void FindThresholds() {
    thresholds_.assign(classes_, 0);
    for (size_t r = 0; r < labels_.size(); ++r) thresholds_[Given(r)] += Row(r)[Given(r)];
    for (size_t c = 0; c < classes_; ++c) {
      thresholds_[c] = counts_[c] == 0
                           ? kNeverReached
                           : std::max(thresholds_[c] / static_cast<double>(counts_[c]), 2 * kSame);
    }
  }

  void CountConfident() {
    joint_.assign(classes_ * classes_, 0);
    for (size_t r = 0; r < labels_.size(); ++r) {
      const auto row = Row(r);
      size_t reached = 0;
      size_t first = 0;
      for (size_t c = classes_; c-- > 0;) {
        if (row[c] < thresholds_[c] - kSame) continue;
        ++reached;
        first = c;
      }
      if (reached == 0) continue;
      const auto likeliest =
          static_cast<size_t>(std::max_element(row.begin(), row.end()) - row.begin());
      ++Joint(Given(r), reached > 1 ? likeliest : first);
    }
    // Of each class one row at least is right.
    for (size_t c = 0; c < classes_; ++c) Joint(c, c) = std::max(Joint(c, c), 1.0);
  }

  /// Each given class has as many rows as there are, in whole rows.
  void Calibrate() {
    for (size_t given = 0; given < classes_; ++given) {
      const std::span row(joint_.data() + given * classes_, classes_);
      const double sum = std::accumulate(row.begin(), row.end(), 0.0);
      for (double& count : row) count = count / sum * static_cast<double>(counts_[given]);
      RoundKeepingSum(row);
    }
  }

  void Prune(std::vector<uint8_t>* is_issue) {
    std::vector<std::vector<size_t>> rows(classes_);
    for (size_t r = 0; r < labels_.size(); ++r) rows[Given(r)].push_back(r);
    for (size_t given = 0; given < classes_; ++given) {
      if (counts_[given] <= std::max(least_, int64_t{1})) continue;
      // What must stay is taken from all other counts alike.
      const double right = Joint(given, given);
      const auto pairs = static_cast<double>(std::count_if(
          &Joint(given, 0), &Joint(given, 0) + classes_, [](double n) { return n != 0; }));
      const double kept =
          std::max(static_cast<double>(least_) - right, 0.0) / std::max(pairs - 1, 1.0);
      for (size_t likely = 0; likely < classes_; ++likely) {
        const double count = Joint(given, likely) - kept;
        if (likely == given || count < 1) continue;
        PruneLikeliest(rows[given], given, likely, static_cast<size_t>(count), is_issue);
      }
    }
  }

  void PruneLikeliest(const std::vector<size_t>& rows, size_t given, size_t likely, size_t count,
                      std::vector<uint8_t>* is_issue) const {
    const auto margin = [&](size_t r) {
      return static_cast<double>(Row(r)[likely]) - static_cast<double>(Row(r)[given]);
    };
    std::vector<size_t> order = rows;
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return margin(a) > margin(b); });
    order.resize(std::min(order.size(), count));
    for (const size_t r : order) (*is_issue)[r] = 1;
  }

  bool GivenIsLikeliest(size_t r) const {
    const auto row = Row(r);
    const double given = static_cast<double>(row[Given(r)]) + kSame;
    for (size_t c = 0; c < classes_; ++c) {
      if (c < Given(r) ? row[c] >= given : c > Given(r) && row[c] > given) return false;
    }
    return true;
  }

  const std::span<const float> probabilities_;
  const std::span<const int32_t> labels_;
  const size_t classes_;
  const int64_t least_;
  std::vector<int64_t> counts_;     ///< [classes]
  std::vector<double> thresholds_;  ///< [classes]
  std::vector<double> joint_;       ///< [given][likely]
};

}  // namespace

arrow::Result<LabelIssues> FindLabelIssues(std::span<const float> probabilities,
                                           std::span<const int32_t> labels, int64_t classes,
                                           int64_t least) {
  if (classes < 2) return Status::Invalid("there are ", classes, " classes, not two or more");
  if (least < 0) return Status::Invalid("option `least` must not be below 0");
  if (probabilities.size() != labels.size() * static_cast<size_t>(classes)) {
    return Status::Invalid("there are ", probabilities.size(), " probabilities, not ",
                           labels.size(), " rows of ", classes);
  }
  for (size_t r = 0; r < labels.size(); ++r) {
    if (labels[r] < 0 || labels[r] >= classes) {
      return Status::Invalid("the label of row ", r, " is ", labels[r], ", not 0 to ", classes - 1);
    }
  }
  for (size_t i = 0; i < probabilities.size(); ++i) {
    if (std::isfinite(probabilities[i])) continue;
    return DamagedData("a probability of row ", i / static_cast<size_t>(classes), " is not finite");
  }
  return ConfidentLearning(probabilities, labels, classes, least).Find();
}

}  // namespace pomona
