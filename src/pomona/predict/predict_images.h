#pragma once

#include <arrow/result.h>

#include "pomona/predict.h"

namespace pomona {

/// Predict of images, with options that are valid for them, and its plan.
arrow::Result<PredictReport> PredictImages(const PredictOptions& options);
arrow::Result<Plan> PlanImages(const PredictOptions& options);

}  // namespace pomona
