#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pomona/evaluation.h"

namespace pomona {

/// How often each pair of given and predicted class was seen; only pairs that were, by given, then
/// predicted. given, predicted: [rows]. Cost:
/// a sort of the rows; memory does not grow with the square of the classes.
std::vector<ClassPair> CountPairs(std::span<const int32_t> given,
                                  std::span<const int32_t> predicted);

/// Precision, recall and F1 of each class from such counts: scikit-learn's
/// precision_recall_fscore_support with zero_division=0.
std::vector<ClassScore> ScoreClasses(std::span<const ClassPair> pairs, int32_t classes);

/// Mean F1 of the classes that were given or predicted at least once, as scikit-learn's
/// f1_score(average="macro"). 0 where there is none.
double MacroF1(std::span<const ClassScore> scores);

/// Mean recall of the classes that were given, as scikit-learn's balanced_accuracy_score. 0 where
/// there is none.
double BalancedAccuracy(std::span<const ClassScore> scores);

}  // namespace pomona
