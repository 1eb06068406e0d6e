#pragma once

#include <span>
#include <string>

#include "pomona/evaluation.h"

namespace pomona::cli {

/// Evaluations side by side, a column each, for people: what holds of all rows, then the classes,
/// then the confusions (given -> predicted). Of the two last, 20 lines at most, and how many more
/// there are. The last evaluation, the honest one, decides the order: its classes of least F1
/// first, its most frequent confusions. Where one has no such number, there is a "-". Ends with the
/// remarks of each. Not empty.
std::string EvaluationTable(std::span<const Evaluation> evaluations);

}  // namespace pomona::cli
