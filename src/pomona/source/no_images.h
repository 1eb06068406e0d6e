#pragma once

#include <arrow/status.h>

#include "pomona/list.h"

namespace pomona {

/// What to say of a source whose listing ended without an image: Invalid, with what is there.
arrow::Status NoImages(const ListOptions& options, const ListingSummary& summary);

}  // namespace pomona
