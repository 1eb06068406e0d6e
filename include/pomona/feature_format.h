#pragma once

#include <string_view>

#include <arrow/result.h>

#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// How a table holds features.
enum class FeatureFormat {
  kArray,   ///< list<float>: `array<float>` in Spark
  kVector,  ///< Spark ML's VectorUDT, dense, float64: what its estimators take. Twice the size.
};

/// "array", "vector".
std::string_view FeatureFormatName(FeatureFormat format);
arrow::Result<FeatureFormat> ParseFeatureFormat(std::string_view name);

}  // namespace pomona
