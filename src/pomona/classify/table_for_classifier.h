#pragma once

#include <arrow/result.h>

#include <memory>
#include <string>

#include "pomona/classifier.h"
#include "pomona/features/feature_table.h"

namespace pomona {

/// Opens a table of rows for `classifier`, which was named so. FeatureTable::Open says what may be
/// wrong with it. Invalid: its features are of another kind than the classifier learned from.
arrow::Result<std::unique_ptr<FeatureTable>> OpenTableFor(const Classifier& classifier,
                                                          const std::string& named,
                                                          const FeatureTable::Options& options);

}  // namespace pomona
