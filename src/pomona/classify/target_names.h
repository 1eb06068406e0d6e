#pragma once

#include <arrow/result.h>

#include <span>
#include <string>
#include <vector>

#include "pomona/classifier.h"

namespace pomona {

/// Columns of answers of one classifier, without the end that names its target.
std::span<const char* const> AnswerColumnNames();

/// What the names of columns of answers end with: nothing where there is one classifier, else
/// `_TARGET`.
std::string AnswerSuffix(const Classifier& classifier, size_t classifiers);

/// Invalid, where there are several: one is empty, holds anything but letters, digits and
/// underscores (of ASCII), is there twice (upper or lower case: Spark tells no difference), or
/// makes two columns of answers one.
arrow::Status CheckTargetNames(const std::vector<std::string>& targets);

/// The classifier of this target; `target` empty: the only one. Invalid, with a hint: it is not
/// there, or there are several.
arrow::Result<Classifier> PickTarget(std::span<const Classifier> classifiers,
                                     const std::string& target);

}  // namespace pomona
