#pragma once

#include <span>
#include <string>

#include "pomona/evaluation.h"

namespace pomona::cli {

/// Evaluations side by side, a column each, for people: what holds of all rows, then the classes,
/// then the confusions (given -> predicted), of few classes the last evaluation's as a
/// matrix. Of the two last, 20 lines at most, and how many more
/// there are. The last evaluation, the honest one, decides the order: its classes of least F1
/// first, its most frequent confusions. Where one has no such number, there is a "-". Ends with the
/// remarks of each. Not empty.
std::string EvaluationTable(std::span<const Evaluation> evaluations);

/// What was taken for what: a line for each class that was given or predicted, a column for each
/// that they were taken for; "." for none. Empty of more than eight classes, or where nothing was
/// taken for another.
std::string ConfusionMatrix(const Evaluation& evaluation);

}  // namespace pomona::cli
