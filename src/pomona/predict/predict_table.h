#pragma once

#include <arrow/result.h>

#include "pomona/predict.h"

namespace pomona {

/// Predict of a feature table, with options that are valid for one.
arrow::Result<PredictReport> PredictTable(const PredictOptions& options);

}  // namespace pomona
