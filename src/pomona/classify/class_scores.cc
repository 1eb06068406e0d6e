#include "pomona/classify/class_scores.h"

#include <algorithm>
#include <utility>

namespace pomona {
namespace {

double ShareOf(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::vector<ClassPair> CountPairs(std::span<const int32_t> given,
                                  std::span<const int32_t> predicted) {
  std::vector<std::pair<int32_t, int32_t>> rows(given.size());
  for (size_t i = 0; i < given.size(); ++i) rows[i] = {given[i], predicted[i]};
  std::sort(rows.begin(), rows.end());
  std::vector<ClassPair> pairs;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 || rows[i] != rows[i - 1]) pairs.push_back({rows[i].first, rows[i].second, 0});
    ++pairs.back().rows;
  }
  return pairs;
}

std::vector<ClassScore> ScoreClasses(std::span<const ClassPair> pairs, int32_t classes) {
  std::vector<ClassScore> scores(static_cast<size_t>(classes));
  for (const ClassPair& pair : pairs) {
    scores[static_cast<size_t>(pair.given)].given += pair.rows;
    scores[static_cast<size_t>(pair.predicted)].predicted += pair.rows;
    if (pair.given == pair.predicted) scores[static_cast<size_t>(pair.given)].right += pair.rows;
  }
  for (ClassScore& score : scores) {
    score.precision = ShareOf(score.right, score.predicted);
    score.recall = ShareOf(score.right, score.given);
    score.f1 = ShareOf(2 * score.right, score.given + score.predicted);
  }
  return scores;
}

double MacroF1(std::span<const ClassScore> scores) {
  double sum = 0;
  int64_t classes = 0;
  for (const ClassScore& score : scores) {
    if (score.given + score.predicted == 0) continue;
    sum += score.f1;
    ++classes;
  }
  return classes == 0 ? 0 : sum / static_cast<double>(classes);
}

double BalancedAccuracy(std::span<const ClassScore> scores) {
  double sum = 0;
  int64_t classes = 0;
  for (const ClassScore& score : scores) {
    if (score.given == 0) continue;
    sum += score.recall;
    ++classes;
  }
  return classes == 0 ? 0 : sum / static_cast<double>(classes);
}

}  // namespace pomona
