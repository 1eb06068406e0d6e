#include "pomona/evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "pomona/classify/calibration_error.h"
#include "pomona/classify/class_scores.h"
#include "pomona/classify/conformal_sets.h"
#include "pomona/classify/group_bootstrap.h"
#include "pomona/classify/unknown_ranking.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr double kSumTolerance = 1e-3;

Status CheckEvaluationInput(const EvaluationInput& input) {
  const size_t rows = input.labels.size(), classes = input.classes.size();
  if (classes == 0) return Status::Invalid("classes: there is none");
  if (input.probabilities.size() != rows * classes) {
    return Status::Invalid("probabilities: ", input.probabilities.size(), " values, not ", rows,
                           " rows x ", classes, " classes");
  }
  if (!input.unknown_scores.empty() && input.unknown_scores.size() != rows) {
    return Status::Invalid("unknown_scores: ", input.unknown_scores.size(), " of ", rows, " rows");
  }
  if (!input.groups.empty() && input.groups.size() != rows) {
    return Status::Invalid("groups: ", input.groups.size(), " of ", rows, " rows");
  }
  if (!(input.conformal_level > 0 && input.conformal_level < 1)) {
    return Status::Invalid("conformal_level is ", input.conformal_level,
                           ": it must be above 0 and below 1");
  }
  if (input.conformal_quantile && std::isnan(*input.conformal_quantile)) {
    return Status::Invalid("conformal_quantile is no number");
  }
  if (!input.row_quantiles.empty() && input.row_quantiles.size() != rows) {
    return Status::Invalid("row_quantiles: ", input.row_quantiles.size(), " of ", rows, " rows");
  }
  if (input.draws < 0)
    return Status::Invalid("draws is ", input.draws, ": it must not be negative");
  for (size_t i = 0; i < rows; ++i) {
    if (input.labels[i] < -1 || input.labels[i] >= static_cast<int64_t>(classes)) {
      return Status::Invalid("labels: row ", i, " has ", input.labels[i], ", of ", classes,
                             " classes");
    }
    double sum = 0;
    for (const float value : input.probabilities.subspan(i * classes, classes)) {
      if (!(value >= 0 && value <= 1)) {
        return Status::Invalid("probabilities: row ", i, " has ", value);
      }
      sum += value;
    }
    if (std::abs(sum - 1) > kSumTolerance) {
      return Status::Invalid("probabilities: those of row ", i, " add up to ", sum);
    }
    if (!input.unknown_scores.empty() && !std::isfinite(input.unknown_scores[i])) {
      return Status::Invalid("unknown_scores: row ", i, " has ", input.unknown_scores[i]);
    }
  }
  const auto known = std::count_if(input.labels.begin(), input.labels.end(),
                                   [](int32_t label) { return label >= 0; });
  if (known > 0) return Status::OK();
  return Status::Invalid("labels: no row has a label that was learned: there is nothing to judge");
}

/// Numbers of rows' groups from 0, in the order of rows.
struct RowGroups {
  std::vector<int32_t> of_row;
  int32_t count = 0;

  static RowGroups Of(std::span<const int32_t> groups, std::span<const size_t> rows) {
    RowGroups made;
    std::unordered_map<int32_t, int32_t> numbers;
    for (const size_t row : rows) {
      if (groups.empty()) {
        made.of_row.push_back(made.count++);
        continue;
      }
      const auto [known, fresh] = numbers.emplace(groups[row], made.count);
      if (fresh) ++made.count;
      made.of_row.push_back(known->second);
    }
    return made;
  }
};

/// Rows with a label that was learned, and what was said of them.
struct JudgedRows {
  std::vector<size_t> rows;  ///< of the input
  std::vector<int32_t> given, predicted;
  std::vector<float> top;        ///< probability of the predicted class
  std::vector<uint8_t> covered;  ///< whether the row's set holds its label; empty without sets
  RowGroups groups;
};

class Evaluator {
 public:
  explicit Evaluator(const EvaluationInput& input)
      : input_(input), classes_(input.classes.size()) {}

  Evaluation Evaluate() {
    made_.name = input_.name;
    made_.classes.assign(input_.classes.begin(), input_.classes.end());
    Judge();
    Score();
    MakeSets();
    RankUnknown();
    if (input_.draws > 0) DrawKnown();
    Remark();
    return std::move(made_);
  }

 private:
  std::span<const float> ProbabilitiesOf(size_t row) const {
    return input_.probabilities.subspan(row * classes_, classes_);
  }

  void Judge() {
    for (size_t i = 0; i < input_.labels.size(); ++i) {
      if (input_.labels[i] < 0) continue;
      const auto row = ProbabilitiesOf(i);
      const auto most = std::max_element(row.begin(), row.end());
      judged_.rows.push_back(i);
      judged_.given.push_back(input_.labels[i]);
      judged_.predicted.push_back(static_cast<int32_t>(most - row.begin()));
      judged_.top.push_back(*most);
    }
    judged_.groups = RowGroups::Of(input_.groups, judged_.rows);
    made_.rows = static_cast<int64_t>(judged_.rows.size());
    made_.unknown_rows = static_cast<int64_t>(input_.labels.size()) - made_.rows;
    made_.groups = judged_.groups.count;
  }

  bool IsRight(size_t i) const { return judged_.given[i] == judged_.predicted[i]; }

  void Score() {
    const auto pairs = CountPairs(judged_.given, judged_.predicted);
    made_.scores = ScoreClasses(pairs, static_cast<int32_t>(classes_));
    int64_t right = 0;
    for (const ClassPair& pair : pairs) {
      if (pair.given == pair.predicted) {
        right += pair.rows;
      } else {
        made_.confusions.push_back(pair);
      }
    }
    // They are by given, then predicted: so are those that are equally frequent.
    std::stable_sort(made_.confusions.begin(), made_.confusions.end(),
                     [](const ClassPair& a, const ClassPair& b) { return a.rows > b.rows; });
    made_.accuracy.value = static_cast<double>(right) / static_cast<double>(made_.rows);
    made_.macro_f1.value = MacroF1(made_.scores);
    made_.balanced_accuracy.value = BalancedAccuracy(made_.scores);
    CalibrationError error;
    double loss = 0;
    for (size_t i = 0; i < judged_.rows.size(); ++i) {
      error.Add(judged_.top[i], IsRight(i));
      loss += NegativeLogLikelihood(ProbabilitiesOf(judged_.rows[i]), {&judged_.given[i], 1},
                                    static_cast<int32_t>(classes_));
    }
    made_.calibration_error.value = error.Value();
    made_.log_loss = loss / static_cast<double>(made_.rows);
  }

  void MakeSets() {
    made_.conformal_level = input_.conformal_level;
    made_.conformal_quantile = input_.conformal_quantile;
    if (!input_.conformal_quantile && input_.row_quantiles.empty()) return;
    ConformalCounts all;
    for (size_t i = 0; i < judged_.rows.size(); ++i) {
      const int64_t before = all.covered;
      const double quantile = input_.row_quantiles.empty() ? *input_.conformal_quantile
                                                           : input_.row_quantiles[judged_.rows[i]];
      CountSet(ProbabilitiesOf(judged_.rows[i]), judged_.given[i], quantile, all);
      judged_.covered.push_back(static_cast<uint8_t>(all.covered - before));
    }
    const auto rows = static_cast<double>(all.rows);
    made_.coverage = Estimate{static_cast<double>(all.covered) / rows, {}};
    made_.mean_set_size = static_cast<double>(all.labels) / rows;
    made_.empty_sets = static_cast<double>(all.empty) / rows;
  }

  void RankUnknown() {
    if (input_.unknown_scores.empty() || made_.unknown_rows == 0) return;
    std::vector<uint8_t> unknown(input_.labels.size());
    std::transform(input_.labels.begin(), input_.labels.end(), unknown.begin(),
                   [](int32_t label) { return static_cast<uint8_t>(label < 0 ? 1 : 0); });
    const UnknownRanking ranking(input_.unknown_scores, unknown);
    made_.unknown_auroc = Estimate{ranking.Auroc().value_or(0), {}};
    made_.unknown_fpr_at_95 = ranking.FalsePositivesAt95();
    if (input_.draws == 0) return;
    std::vector<size_t> all(input_.labels.size());
    for (size_t i = 0; i < all.size(); ++i) all[i] = i;
    const RowGroups groups = RowGroups::Of(input_.groups, all);
    if (groups.count < 2) return;
    std::vector<double> values;
    std::vector<int32_t> weight(all.size());
    DrawGroups(groups.count, BootstrapDraws(static_cast<int64_t>(all.size()), input_.draws),
               input_.seed, [&](std::span<const int32_t> times) {
                 for (size_t i = 0; i < weight.size(); ++i) {
                   weight[i] = times[static_cast<size_t>(groups.of_row[i])];
                 }
                 // A draw may lack one of the kinds: it says nothing.
                 if (const auto value = ranking.Auroc(weight)) values.push_back(*value);
               });
    made_.unknown_auroc->interval = PercentileInterval(std::move(values));
  }

  /// Intervals of all that is of rows with a label that was learned.
  void DrawKnown() {
    if (judged_.groups.count < 2) return;
    made_.draws = BootstrapDraws(made_.rows, input_.draws);
    std::vector<double> accuracy, macro_f1, balanced, calibration, coverage;
    std::vector<ClassPair> pairs;
    for (size_t i = 0; i < judged_.rows.size(); ++i) {
      pairs.push_back({judged_.given[i], judged_.predicted[i], 0});
    }
    DrawGroups(judged_.groups.count, made_.draws, input_.seed, [&](std::span<const int32_t> times) {
      CalibrationError error;
      int64_t rows = 0, right = 0, covered = 0;
      for (size_t i = 0; i < pairs.size(); ++i) {
        const int32_t n = times[static_cast<size_t>(judged_.groups.of_row[i])];
        pairs[i].rows = n;
        rows += n;
        if (IsRight(i)) right += n;
        if (!judged_.covered.empty() && judged_.covered[i] != 0) covered += n;
        error.Add(judged_.top[i], IsRight(i), n);
      }
      auto scores = ScoreClasses(pairs, static_cast<int32_t>(classes_));
      // A class whose groups were not drawn is not one that is never named rightly.
      std::erase_if(scores, [](const ClassScore& score) { return score.given == 0; });
      accuracy.push_back(static_cast<double>(right) / static_cast<double>(rows));
      coverage.push_back(static_cast<double>(covered) / static_cast<double>(rows));
      macro_f1.push_back(MacroF1(scores));
      balanced.push_back(BalancedAccuracy(scores));
      calibration.push_back(error.Value());
    });
    made_.accuracy.interval = PercentileInterval(std::move(accuracy));
    made_.macro_f1.interval = PercentileInterval(std::move(macro_f1));
    made_.balanced_accuracy.interval = PercentileInterval(std::move(balanced));
    made_.calibration_error.interval = PercentileInterval(std::move(calibration));
    if (made_.coverage) made_.coverage->interval = PercentileInterval(std::move(coverage));
  }

  void Remark() {
    auto& remarks = made_.remarks;
    const auto absent = std::count_if(made_.scores.begin(), made_.scores.end(),
                                      [](const ClassScore& score) { return score.given == 0; });
    if (absent > 0) {
      remarks.push_back(std::to_string(absent) + " of " + std::to_string(classes_) +
                        " classes have no row here: nothing is known of them");
    }
    if (made_.unknown_rows > 0) {
      remarks.push_back(std::to_string(made_.unknown_rows) +
                        " rows have labels that were not learned: they count for `unknown` alone");
    }
    if (input_.groups.empty()) {
      remarks.push_back(
          "each row is a group of its own: where photos look alike, intervals are too "
          "narrow");
    }
    if (input_.draws > 0 && judged_.groups.count < 2) {
      remarks.push_back("all rows are of one group: there are no intervals");
    } else if (made_.draws < input_.draws) {
      remarks.push_back("intervals are of " + std::to_string(made_.draws) +
                        " draws, as there are " + std::to_string(made_.rows) + " rows");
    }
    if (made_.conformal_quantile == std::numeric_limits<double>::infinity()) {
      remarks.push_back(
          "sets hold all labels: a level of " + std::to_string(input_.conformal_level) + " needs " +
          std::to_string(ConformalRowsFor(input_.conformal_level)) + " rows of calibration");
    }
  }

  const EvaluationInput& input_;
  const size_t classes_;
  JudgedRows judged_;
  Evaluation made_;
};

}  // namespace

Result<Evaluation> EvaluateScores(const EvaluationInput& input) {
  ARROW_RETURN_NOT_OK(CheckEvaluationInput(input));
  return Evaluator(input).Evaluate();
}

}  // namespace pomona
