#pragma once

#include <arrow/status.h>

#include "pomona/linalg/row_distance.h"
#include "pomona/neighbors.h"

namespace pomona {

/// Invalid where these are no rows: no features, a part of a row at the end, 2^31 rows or more.
/// DamagedData naming the row of a value that is not finite. `name` is for the message.
arrow::Status CheckFeatureView(const FeatureView& view, const char* name);

inline Rows RowsOf(const FeatureView& view) {
  return {.values = view.values.data(), .count = view.rows(), .dim = view.dim};
}

}  // namespace pomona
