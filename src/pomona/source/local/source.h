#pragma once

#include <memory>

#include "pomona/source/source.h"

namespace pomona {

/// Local folders. `fetches` >= 1; more threads than a local disk or a network mount makes use
/// of are not started.
std::shared_ptr<Source> MakeLocalSource(int fetches);

}  // namespace pomona
