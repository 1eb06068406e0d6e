#pragma once

#include "pomona/list.h"

namespace pomona::cli {

/// Says on stderr what a listing left out, a line each; nothing if all is well.
void PrintRemarks(const ListingSummary& listing);

}  // namespace pomona::cli
